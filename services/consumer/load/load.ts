import type { Group } from '../../../shared/messages/group'
import type { Verdict, Delivery } from '../../../shared/messaging/transport'
import type { Job } from '../work'
import { GroupLoad, type EndedRun, type LoadParts, type LoadStatus } from './group-load'

/** Hears of each change. */
export type LoadChanged = (what: 'limit' | 'circuit', group: string, status: LoadStatus) => void

/** How much a consumer does at once, group by group: what one group suffers from does not slow the others. */
export class Load {
  readonly #byGroup: ReadonlyMap<string, GroupLoad>

  constructor(groups: readonly Group[], parts: LoadParts, changed: LoadChanged) {
    this.#byGroup = new Map(groups.map((group) => [group.name, loadOf(group, parts, changed)]))
    for (const [name, load] of this.#byGroup) changed('limit', name, load.status())
  }

  pass(delivery: Delivery, signal: AbortSignal, next: () => Promise<Verdict>): Promise<Verdict> {
    return this.#of(delivery.group).pass(delivery, signal, next)
  }

  take<T>(job: Job, work: () => Promise<T>): Promise<T> {
    return this.#of(job.handler.group).take(job, work)
  }

  note(job: Job, run: EndedRun): void {
    this.#of(job.handler.group).note(job, run)
  }

  status(): readonly (LoadStatus & { readonly group: string })[] {
    return [...this.#byGroup].map(([group, load]) => ({ group, ...load.status() }))
  }

  /** What is held because a circuit is open is given back at once; what runs comes to its end. */
  close(): void {
    for (const load of this.#byGroup.values()) load.close()
  }

  #of(group: string): GroupLoad {
    const load = this.#byGroup.get(group)
    if (load === undefined) throw new Error(`group "${group}" is not one of this consumer's groups`)
    return load
  }
}

function loadOf({ name, types }: Group, parts: LoadParts, changed: LoadChanged): GroupLoad {
  const load: GroupLoad = new GroupLoad({
    ...parts,
    types: types.length,
    changed: (what) => changed(what, name, load.status()),
  })
  return load
}
