import type { DeadLetters } from '../messaging/dead-letters'
import type { GroupTopology } from '../messaging/transport'
import { lineOf } from './letter-line'
import { lookAtDeadLetters, type Seen } from './look-at-dead-letters'
import { notThere } from './not-there'
import type { Selection } from './selection'

export interface Export {
  readonly selection: Selection
  /** Called for each, oldest first, with the line of {@link lineOf} without a line feed. Waited for. */
  readonly onLine: (line: string) => void | Promise<void>
  /** Ends it between two letters; it rejects then. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Writes the selected dead letters down whole and leaves every one where it is. `met` below `ready` means that some went
 * into other hands meanwhile: the export is not whole then. What others held before is in neither, and is missing
 * without a word. Rejects when an id is not found, after those that are.
 */
export async function exportDeadLetters(
  deadLetters: DeadLetters,
  group: GroupTopology,
  { selection, onLine, signal }: Export,
): Promise<Seen> {
  const found = new Set<string | undefined>()
  const seen = await lookAtDeadLetters(deadLetters, group, {
    selection,
    limit: Infinity,
    signal,
    onLetter: async (letter) => {
      found.add(letter.id)
      await onLine(lineOf(letter, { group: group.name, kept: deadLetters.keep(letter) }))
    },
  })
  const missing = selection.by === 'ids' ? selection.ids.filter((id) => !found.has(id)) : []
  if (missing.length > 0) throw notThere(missing, group.name)
  return seen
}
