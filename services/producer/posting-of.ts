import type { Static, TSchema } from 'typebox'
import { contentTypeOf, type MessageType } from '../../shared/messages/message'
import { writtenData } from '../../shared/messages/written-data'
import { refusedTiming, timeNames } from '../../shared/messaging/timing'
import { withPriority } from '../../shared/messaging/given-priority'
import { keyFault } from '../../shared/messaging/partition'
import { isoNow } from '../../shared/runtime/iso-now'
import type { Posting } from './accept'
import { newMessageId } from './message-id'
import { noOrder } from './ordering-key'
import { continueTrace } from './trace'

/** What may be said of a message beside its data. */
export interface EmitFacts {
  /** At most 255 bytes. With an id of one's own, a message that is emitted again is the same message. */
  readonly id?: string
  /** RFC 3339; now by default. */
  readonly time?: string
  /** Of the W3C trace that it is emitted in; a new one by default. */
  readonly traceparent?: string
  /** Further CloudEvents attributes by their names of lower-case letters and digits: `subject`, `tenant`. */
  readonly extensions?: Readonly<Record<string, string>>
  /** When the message is to be delivered, RFC 3339, at most 365 days from now; at once by default, and when it has passed. */
  readonly deliverAt?: string
  /** From when on it is of no use, RFC 3339: what comes later becomes a dead letter. Never by default. */
  readonly expiryTime?: string
  /** Messages with the same key are handled in the order in which they were accepted; only of a type that has partitions. */
  readonly key?: string
  /** From 0 for what may wait to 9 for what is most urgent; 4 is as good as none. Not with a key, of a type that has partitions. */
  readonly priority?: number
  /** How long to wait for stable storage, in milliseconds; 9,900 by default. */
  readonly withinMs?: number
}

const usualPatienceMs = 9_900
const maxIdBytes = 255
const own = ['id', 'source', 'type', 'time', 'specversion', 'datacontenttype', 'data']

/** Data as a message to be accepted. Throws a TypeError that says what does not fit. */
export function postingOf<S extends TSchema>(
  type: MessageType<S>,
  data: Static<S>,
  { source, id = newMessageId(Date.now()), time = isoNow(), ...facts }: EmitFacts & { readonly source: string },
): Posting {
  const text = writtenData(type, data)
  refuseId(id)
  const { key, priority, traceparent, withinMs = usualPatienceMs } = facts
  const given = extensionsOf(facts)
  const { partitionkey } = given
  refuseKey(type, { key, partitionkey })
  const extensions = withPriority({ priority, extensions: given, key: key ?? partitionkey, type })
  const trace = continueTrace({ traceparent, tracestate: undefined })
  return {
    envelope: {
      id,
      source,
      type: type.name,
      time,
      contentType: contentTypeOf(type),
      data: Buffer.from(text),
      extensions: {
        traceparent: trace.traceparent,
        ...extensions,
        ...(key !== undefined && { partitionkey: key }),
      },
    },
    route: { kind: type.kind },
    acceptance: type.acceptance,
    answerBy: performance.now() + withinMs,
  }
}

function refuseId(id: string): void {
  const bytes = Buffer.byteLength(id)
  if (bytes === 0 || bytes > maxIdBytes)
    throw new TypeError(`the id has ${bytes} bytes; use one of 1 to ${maxIdBytes} bytes, or leave it out`)
}

function extensionsOf({ extensions = {}, deliverAt, expiryTime }: EmitFacts): Readonly<Record<string, string>> {
  refuseExtensions(extensions)
  const all = {
    ...extensions,
    ...(deliverAt !== undefined && { [timeNames.due]: deliverAt }),
    ...(expiryTime !== undefined && { [timeNames.expiry]: expiryTime }),
  }
  const refusal = refusedTiming(all, Date.now())
  if (refusal !== undefined) throw new TypeError(`the message is not taken: ${refusal}`)
  return all
}

interface Keys {
  readonly key: string | undefined
  readonly partitionkey: string | undefined
}

function refuseKey(type: MessageType, { key, partitionkey }: Keys): void {
  if (key !== undefined && partitionkey !== undefined)
    throw new TypeError('the message has a key and a partitionkey among its extensions; give one of them')
  if (key !== undefined && type.partitions === 0) throw new TypeError(noOrder(type))
  const given = key ?? partitionkey
  const fault = given === undefined || type.partitions === 0 ? undefined : keyFault(given)
  if (fault !== undefined) throw new TypeError(`the key cannot be used: ${fault}`)
}

function refuseExtensions(extensions: Readonly<Record<string, string>>): void {
  const wrong = Object.keys(extensions).find((name) => !/^[a-z0-9]{1,64}$/.test(name) || own.includes(name))
  if (wrong !== undefined)
    throw new TypeError(
      `"${wrong}" is no extension's name; use lower-case letters and digits, and none of ${own.join(', ')}`,
    )
}
