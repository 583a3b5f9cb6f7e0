import type { MessageType } from '../messages/message'
import type { DeadLetters } from '../messaging/dead-letters'
import type { GroupTopology } from '../messaging/transport'
import type { Edit } from './edited-data'
import { moveDeadLetters, type Move, type Moved } from './move-dead-letters'
import { replacementOf } from './replacement'

export interface EditMove extends Omit<Move, 'actionOn' | 'ratePerSecond'> {
  /** The same for each letter. */
  readonly edit: Edit
  readonly catalogue: readonly MessageType[]
  readonly namespace: string
  readonly now: () => Date
}

/**
 * Sends, for each of the letters, a new message with the edited data to the work queue of their group alone, and removes
 * the letter when that is confirmed. Rejects before the first is touched when an id is not found or the data of one would
 * not fit its type. Ended in between, it leaves a letter in its place, perhaps beside its new message; done again with the
 * same edit it sends the same message, of which the inbox lets one take effect.
 */
export function editDeadLetters(deadLetters: DeadLetters, group: GroupTopology, move: EditMove): Promise<Moved> {
  const { edit, catalogue, namespace, now, ...rest } = move
  const facts = { edit, group, catalogue, namespace, now }
  return moveDeadLetters(deadLetters, group, {
    ...rest,
    actionOn: (letter) => replacementOf(letter, facts),
    ratePerSecond: undefined,
  })
}
