import type { DeadLetter, DeadLetters } from '../messaging/dead-letters'
import type { GroupTopology } from '../messaging/transport'
import { isSelected, type Selection } from './selection'

export interface Look {
  readonly selection: Selection
  /** The walk ends when so many were found. */
  readonly limit: number
  /** Called for each that is selected, oldest first; what it keeps of them is what stays in memory. Waited for. */
  readonly onLetter: (letter: DeadLetter) => void | Promise<void>
  /** Ends the look between two letters, which rejects with its reason then. */
  readonly signal?: AbortSignal | undefined
}

export interface Seen {
  /** Letters that nobody held when the look began. */
  readonly ready: number
  /** Those of them that were looked at, selected or not. */
  readonly met: number
  readonly selected: number
}

/** Looks at the selected dead letters and leaves every one where it is. */
export async function lookAtDeadLetters(
  deadLetters: DeadLetters,
  group: GroupTopology,
  { selection, limit, onLetter, signal }: Look,
): Promise<Seen> {
  let selected = 0
  const walk = await deadLetters.walk(group, async (letter) => {
    if (signal?.aborted) return 'enough'
    if (isSelected(selection, letter)) {
      selected++
      await onLetter(letter)
    }
    return selected < limit ? 'keep' : 'enough'
  })
  signal?.throwIfAborted()
  return { ...walk, selected }
}
