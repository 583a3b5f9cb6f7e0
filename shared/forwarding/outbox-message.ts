import { decodeBody } from '../messages/body'
import { contentTypeOf, type MessageType } from '../messages/message'
import { shapeErrors } from '../messages/shape'
import { keyFault } from '../messaging/partition'
import { unreadableTime } from '../messaging/timing'
import type { OutboxRow } from '../store/outbox'
import type { StoredMessage } from './stored-message'

export interface OutboxMessageFacts {
  readonly catalogue: readonly MessageType[]
  /** The `source` of a row that names none. */
  readonly source: string
}

const maxIdBytes = 255
const attributeName = /^[a-z0-9]{1,64}$/
/** Said by columns of their own. */
const ofTheRow = ['specversion', 'id', 'source', 'type', 'time', 'datacontenttype', 'data', 'partitionkey']
const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/

/** The message that a row is. Anybody may have written it, so it throws, with why, when it is none. */
export function messageOf(row: OutboxRow, { catalogue, source }: OutboxMessageFacts): StoredMessage {
  const type = catalogue.find(({ name }) => name === row.type)
  if (type === undefined) throw new Error(`there is no message type "${row.type}"`)
  const data = dataOf(row, type)
  if (row.id === '' || Buffer.byteLength(row.id) > maxIdBytes)
    throw new Error(`the id has to have 1 to ${maxIdBytes} bytes`)
  if (!rfc3339.test(row.time) || Number.isNaN(Date.parse(row.time)))
    throw new Error(`the time "${row.time}" is none of RFC 3339`)
  const fault = row.orderingKey === undefined || type.partitions === 0 ? undefined : keyFault(row.orderingKey)
  if (fault !== undefined) throw new Error(`the ordering_key cannot be used: ${fault}`)
  return {
    envelope: {
      id: row.id,
      source: row.source ?? source,
      type: type.name,
      time: row.time,
      contentType: contentTypeOf(type),
      data,
      extensions: extensionsOf(row),
    },
    route: { kind: type.kind },
  }
}

function dataOf({ data }: OutboxRow, type: MessageType): Buffer {
  const bytes = Buffer.from(data)
  const decoded = decodeBody(bytes, contentTypeOf(type), type)
  if (decoded.kind === 'unreadable') throw new Error(decoded.detail)
  const [error] = shapeErrors(type, decoded.data)
  if (error !== undefined) throw new Error(`the data does not fit: ${error.pointer || '/'} ${error.detail}`)
  return bytes
}

function extensionsOf({ extensions, orderingKey }: OutboxRow): Readonly<Record<string, string>> {
  const parsed = JSON.parse(extensions) as unknown
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new Error('extensions is not a JSON object')
  const wrong = Object.entries(parsed).find(([name, value]) => !attributeName.test(name) || typeof value !== 'string')
  if (wrong !== undefined)
    throw new Error(`the extension "${wrong[0]}" is no text under a name of lower-case letters and digits`)
  const taken = ofTheRow.find((name) => Object.hasOwn(parsed, name))
  if (taken !== undefined) throw new Error(`the extension "${taken}" has a column of its own`)
  const unreadable = unreadableTime(parsed as Record<string, string>)
  if (unreadable !== undefined) throw new Error(`the extension ${unreadable}`)
  return { ...(parsed as Record<string, string>), ...(orderingKey !== undefined && { partitionkey: orderingKey }) }
}
