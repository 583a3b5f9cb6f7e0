import type { GroupStatus } from '../transport'
import type { Held } from './held-copies'

/** What one of a group's queues, or several of them together, say of themselves. */
export type PartStatus = Omit<GroupStatus, 'name'>

interface Places {
  readonly held: Held
  /** Taken by what is not held and cannot begin before it is put where it belongs. */
  readonly blocked?: number
  /** How many deliveries are given out at once. */
  readonly places: number
}

/** Stopped is a queue when what is held leaves no place in which another delivery could be handled. */
export function partStatus(
  { attached, detail }: Pick<PartStatus, 'attached' | 'detail'>,
  { held: { count, reason }, blocked = 0, places }: Places,
): PartStatus {
  if (reason === undefined) return { attached, flow: 'free', detail }
  return { attached, flow: count + blocked < places ? 'held up' : 'stopped', detail: `${count} held, ${reason}` }
}

const fromWorst = ['stopped', 'held up', 'free'] as const

/** Of several parts, of which there is at least one: the first one of those that fare worst. */
export function worstOf(parts: readonly PartStatus[]): PartStatus {
  const places = parts.map(({ flow }) => fromWorst.indexOf(flow))
  return parts[places.indexOf(Math.min(...places))] as PartStatus
}
