import { EventEmitter, once } from 'node:events'
import { join } from 'node:path'
import type { Contestant } from './contestant'

const teller = join(__dirname, '..', '..', 'bench', 'tell-kept.cjs')
const answersWithinMs = 30_000

/** A contestant that can be asked what is left in its memory once all garbage is collected, in bytes. */
export function askable<C extends Contestant>(contestant: C) {
  const told = new EventEmitter()
  const hear = (said: unknown) => {
    const { keptBytes } = said as { readonly keptBytes?: number }
    if (keptBytes !== undefined) told.emit('kept', keptBytes)
  }
  return {
    contestant: { ...contestant, args: ['--expose-gc', '--require', teller, ...contestant.args], hear },
    keptBytes: async (pid: number) => {
      const answer = once(told, 'kept', { signal: AbortSignal.timeout(answersWithinMs) })
      process.kill(pid, 'SIGUSR2')
      const [bytes] = (await answer) as [number]
      return bytes
    },
  }
}
