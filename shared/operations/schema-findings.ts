import { decodeBody } from '../messages/body'
import type { MessageType } from '../messages/message'
import { shapeErrors, type ShapeError } from '../messages/shape'
import type { DeadLetter } from '../messaging/dead-letters'

/** What is wrong with a letter's data by the schema of its type as it is now; empty when it fits, or the type is not known. */
export function schemaFindings(
  { type: name, contentType, data }: Pick<DeadLetter, 'type' | 'contentType' | 'data'>,
  catalogue: readonly MessageType[],
): readonly Pick<ShapeError, 'pointer' | 'detail'>[] {
  const type = catalogue.find((each) => each.name === name)
  if (type === undefined) return []
  const decoded = decodeBody(data, contentType, type)
  if (decoded.kind === 'unreadable') return [{ pointer: '', detail: decoded.detail }]
  return shapeErrors(type, decoded.data).map(({ pointer, detail }) => ({ pointer, detail }))
}
