import { decodeBody } from '../messages/body'
import { parseExactly } from '../runtime/exact-json'
import { contentTypeOf, type MessageType } from '../messages/message'
import { shapeErrors } from '../messages/shape'
import type { DeadLetter } from '../messaging/dead-letters'
import { changed, type JsonChange } from './json-change'
import { OperationError } from './operation-error'

/** What is to be otherwise: all of the data, as its bytes or as a value of JSON; or some places in it. */
export type Edit =
  | { readonly kind: 'data'; readonly data: Buffer }
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'changes'; readonly changes: readonly JsonChange[] }

type Letter = Pick<DeadLetter, 'id' | 'contentType' | 'data'>

/**
 * The bytes of a letter's data after the edit: what was given, or JSON in which numbers that were not touched keep all
 * their digits; text for a type whose data is text. Throws an {@link OperationError} that says with JSON Pointers why they
 * do not fit the type.
 */
export function editedData(letter: Letter, edit: Edit, type: MessageType): Buffer {
  const data = bytesAfter(letter, edit, type)
  const decoded = decodeBody(data, contentTypeOf(type), type)
  if (decoded.kind === 'unreadable') throw unfit(letter, type, decoded.detail)
  const errors = shapeErrors(type, decoded.data)
  if (errors.length === 0) return data
  throw unfit(letter, type, errors.map(({ pointer, detail }) => `${pointer || '(the whole)'} ${detail}`).join('; '))
}

function bytesAfter(letter: Letter, edit: Edit, type: MessageType): Buffer {
  if (edit.kind === 'data') return edit.data
  if (edit.kind === 'changes') return changedData(letter, edit.changes, type)
  return Buffer.from(contentTypeOf(type) === 'text/plain' ? asText(edit.value) : JSON.stringify(edit.value))
}

function changedData(letter: Letter, changes: readonly JsonChange[], type: MessageType): Buffer {
  const decoded = decodeBody(letter.data, letter.contentType, type)
  if (decoded.kind === 'unreadable')
    throw new OperationError(
      `the data of dead letter ${letter.id} cannot be read (${decoded.detail}), so no place in it can be set; give the whole data with --data`,
    )
  if (contentTypeOf(type) === 'text/plain') return Buffer.from(asText(changed(decoded.data, changes)))
  return Buffer.from(JSON.stringify(changed(parseExactly(letter.data.toString('utf8')), changes)))
}

/** What is no text is written down as JSON, for the schema to refuse or to take. */
function asText(data: unknown): string {
  return typeof data === 'string' ? data : JSON.stringify(data)
}

function unfit({ id }: Letter, { name }: MessageType, why: string): OperationError {
  return new OperationError(`dead letter ${id} stays as it is: the edited data is no "${name}": ${why}`)
}
