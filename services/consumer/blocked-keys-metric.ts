import { Gauge, type Registry } from '@prometheus-io/client'
import type { BlockedCount } from '../../shared/store/blocked-keys'

/** How many keys stand still in each group, asked of the store at each scrape. */
export function addBlockedKeys(registry: Registry, counts: () => Promise<readonly BlockedCount[]>): void {
  new Gauge({
    name: 'handoff_blocked_keys',
    help: 'Ordering keys of which nothing is handled until their dead letters are replayed or discarded.',
    labelNames: ['group'] as const,
    registers: [registry],
    async collect() {
      // A scrape does not fail for want of a store: /readyz tells of that.
      const found = await counts().catch(() => undefined)
      if (found === undefined) return
      this.reset()
      for (const { group, keys } of found) this.set({ group }, keys)
    },
  })
}
