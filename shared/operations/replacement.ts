import { createHash } from 'node:crypto'
import { contentTypeOf, type MessageType } from '../messages/message'
import type { DeadLetter, Replacement } from '../messaging/dead-letters'
import { replyExtensions } from '../messaging/reply-line'
import { sentAtName } from '../messaging/sent-at'
import { timeNames } from '../messaging/timing'
import type { GroupTopology } from '../messaging/transport'
import { uuidOf } from '../runtime/uuid'
import { editedData, type Edit } from './edited-data'
import { OperationError } from './operation-error'

export interface ReplacementFacts {
  readonly edit: Edit
  readonly group: GroupTopology
  readonly catalogue: readonly MessageType[]
  readonly namespace: string
  readonly now: () => Date
}

// A time that has passed would park it again at once, and who waits for a result waits for that of the letter's id.
const ofTheLetterAlone: readonly string[] = [...Object.values(timeNames), ...Object.values(replyExtensions), sentAtName]

/**
 * The new message that stands in for an edited letter: same type and extensions, except its times and who waits for its
 * result; the source `/NAMESPACE/dead-letters`, the letter's id as `causationid`, and its `correlationid` or else its id.
 * Its own id comes from the letter and the edited data, so that the same edit done twice makes the same message, which the
 * inbox knows. Throws an {@link OperationError} when it would be refused again.
 */
export function replacementOf(letter: DeadLetter, facts: ReplacementFacts): Replacement {
  const { edit, namespace, now } = facts
  const { id, source, extensions } = letter
  if (id === undefined) throw withoutId()
  const type = typeOf(letter, facts)
  const data = editedData(letter, edit, type)
  const { correlationid = id } = extensions
  return {
    kind: 'replace',
    by: {
      id: editedId({ id, source, data }),
      source: `/${namespace}/dead-letters`,
      type: type.name,
      time: now().toISOString(),
      contentType: contentTypeOf(type),
      data,
      extensions: { ...lasting(extensions), correlationid, causationid: id },
    },
  }
}

function lasting(extensions: DeadLetter['extensions']): DeadLetter['extensions'] {
  return Object.fromEntries(Object.entries(extensions).filter(([name]) => !ofTheLetterAlone.includes(name)))
}

/** Two of them with the same data would become one message. */
function withoutId(): OperationError {
  return new OperationError(
    'a dead letter without an id cannot be edited: nothing tells it from another; replay it, which gives it one, or send the message anew',
  )
}

/** A UUIDv8 from the SHA-256 of all three. */
function editedId({ id, source, data }: Pick<DeadLetter, 'source' | 'data'> & { readonly id: string }): string {
  const facts = JSON.stringify([source ?? '', id])
  // Written as JSON, the facts tell where they end.
  return uuidOf(createHash('sha256').update(facts).update(data).digest('hex'), 8)
}

function typeOf({ id, type }: DeadLetter, { group, catalogue }: ReplacementFacts): MessageType {
  const known = catalogue.find(({ name }) => name === type)
  const isTaken = group.routes.some((route) => route.type === type)
  if (known !== undefined && isTaken) return known
  const said = type === undefined ? 'says no type' : `is of the type "${type}"`
  const taken = group.routes.map((route) => `"${route.type}"`).join(', ')
  throw new OperationError(
    `dead letter ${id} cannot be edited: it ${said}, and group ${group.name} takes ${taken}; send the message anew, and discard the dead letter`,
  )
}
