import { setTimeout as pause } from 'node:timers/promises'
import type { DeadLetter } from '../../shared/verification/judge'
import type { Effects } from './effects'

export interface Settling {
  /** Places in which accepted messages must be found: one for each group that takes one. */
  readonly promised: number
  readonly effects: Pick<Effects, 'count'>
  /** How many messages lie in queues. */
  readonly queued: () => Promise<number>
  /** Takes what is parked out of its queues. */
  readonly takeParked: () => Promise<readonly DeadLetter[]>
  /**
   * How long nothing may change. As long as something moves there is no limit: how many wait, and how slow the machine
   * is, says nothing about loss.
   */
  readonly patienceMs: number
  /** Hears of each look. */
  readonly looked: (missing: number, queued: number) => void
}

export interface Settled {
  readonly parked: readonly DeadLetter[]
  readonly queued: number
}

const betweenLooksMs = 2_000

/**
 * Waits until there is something in every promised place and no queue holds anything, or until nothing has changed for as
 * long as patience lasts. Looks once more after the first: what was on its way could have become a second effect. It only
 * counts: a double that stands for something missing is found by the judgement, and the run is no good either way.
 */
export async function settled(settling: Settling): Promise<Settled> {
  const { promised, effects, patienceMs, looked } = settling
  const parked: DeadLetter[] = []
  let before: string | undefined
  for (let changedAt = performance.now(), quiet = 0; ;) {
    // Counted first: a message that goes from a queue to its effect meanwhile is met twice, not never.
    const queued = await settling.queued()
    // One by one: so many as a long run parks are too many arguments for one call, and they are out of their queues.
    for (const letter of await settling.takeParked()) parked.push(letter)
    const done = effects.count()
    const missing = Math.max(0, promised - done - placesOf(parked))
    looked(missing, queued)
    const state = `${missing} ${queued} ${done} ${parked.length}`
    if (state !== before) changedAt = performance.now()
    quiet = missing === 0 && queued === 0 && state === before ? quiet + 1 : 0
    before = state
    if (quiet === 2 || performance.now() - changedAt > patienceMs) return { parked, queued }
    await pause(betweenLooksMs)
  }
}

function placesOf(parked: readonly DeadLetter[]): number {
  return new Set(parked.map(({ group, subject }) => `${subject} in ${group}`)).size
}
