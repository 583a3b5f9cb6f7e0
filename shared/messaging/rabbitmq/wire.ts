/**
 * Two vocabularies, translated:
 *
 * | CloudEvents                     | AMQP 0-9-1                                                                 |
 * | ------------------------------- | -------------------------------------------------------------------------- |
 * | data, datacontenttype           | body, `content_type`                                                       |
 * | id, source, type, time, others  | headers `cloudEvents_*`; `cloudEvents:`, `ce-` and `ce_` are read as well  |
 * | id, type, time, correlationid   | mirrored in `message_id`, `type`, `timestamp` (seconds), `correlation_id`  |
 * | replyto                         | mirrored in `reply_to`, which is written and not read                      |
 * | traceparent, tracestate         | mirrored in the headers of those names, which tracing tools read           |
 * | structured mode                 | `content_type: application/cloudevents+json`, the body is the whole event  |
 *
 * There is no official binding for AMQP 0-9-1; the prefix is the one of the AMQP 1.0 binding, so that a 1.0 reader of
 * the same queue finds a CloudEvent. A bare message, from a client that knows nothing of all this, is read by its
 * `type` property, its routing key, or the group's only type for its content type.
 */
import type { Message, Options } from 'amqplib'
import type { DeliveryContent, Envelope, GroupTopology, Label } from '../transport'
import { typeIn } from './routing-key'
import { isStructured, readStructured } from './structured'

const prefixes = ['cloudEvents_', 'cloudEvents:', 'ce-', 'ce_']
const ownAttributes = new Set(['id', 'source', 'type', 'time', 'specversion', 'datacontenttype', 'data', 'data_base64'])
const traceAttributes = ['traceparent', 'tracestate'] as const
// Put together once: a name that is made anew for each message is looked up anew wherever it is used.
const traceHeaders = new Map<string, string>(traceAttributes.map((name) => [name, `cloudEvents_${name}`]))
const shortStringBytes = 255

/** AMQP properties of an envelope in binary mode. */
export function toProperties(envelope: Envelope, service: string): Options.Publish {
  const { id, source, type, time, contentType, extensions } = envelope
  const headers: Record<string, string> = {
    cloudEvents_specversion: '1.0',
    cloudEvents_id: id,
    cloudEvents_source: source,
    cloudEvents_type: type,
  }
  if (time !== undefined) headers['cloudEvents_time'] = time
  for (const name in extensions) headers[traceHeaders.get(name) ?? `cloudEvents_${name}`] = extensions[name] as string
  for (const name of traceAttributes) if (extensions[name] !== undefined) headers[name] = extensions[name]
  const properties: Options.Publish = { headers, messageId: id, type, appId: service, persistent: true }
  const correlationId = fitting(extensions['correlationid'])
  const timestamp = secondsOf(time)
  if (contentType !== undefined) properties.contentType = contentType
  if (correlationId !== undefined) properties.correlationId = correlationId
  if (timestamp !== undefined) properties.timestamp = timestamp
  const replyTo = addressIn(extensions)
  if (replyTo !== undefined) properties.replyTo = replyTo
  return properties
}

/** What a delivered message says, or why it cannot be understood. */
export function readMessage(message: Message, group: GroupTopology): DeliveryContent {
  const structured = readStructured(message)
  if (structured?.kind === 'malformed') return malformed(message, structured.detail)
  const attributes = structured?.attributes ?? attributesOf(message)
  const { messageId } = message.properties as { messageId?: string }
  const contentType = structured ? attributes['datacontenttype'] : contentTypeOf(message)
  const type = attributes['type'] || typeOfBare(message, group, contentType)
  // An empty id is none: every such message would be taken for one and the same.
  const id = attributes['id'] || messageId
  if (!id) return malformed(message, 'the message has neither message_id nor a CloudEvents id')
  if (type === undefined)
    return malformed(
      message,
      'neither a CloudEvents type, the type property, the routing key nor the content type tells the message type',
    )
  const envelope: Envelope = {
    id,
    source: attributes['source'] || sourceOfBare(message),
    type,
    time: attributes['time'] ?? isoTimeOf(message),
    contentType,
    data: structured?.data ?? message.content,
    extensions: extensionsOf(attributes, message),
  }
  const encoding = (message.properties as { contentEncoding?: string }).contentEncoding
  if (encoding && !/^(utf-?8|identity)$/i.test(encoding))
    return malformed(message, `content encoding "${encoding}" is not understood; send the body as it is`)
  return { kind: 'message', envelope }
}

/** Whether the message bears an id by which its redelivery can be recognised. */
export function hasIdentity(message: Message): boolean {
  if ((message.properties as { messageId?: string }).messageId) return true
  return Boolean(attributesOf(message)['id'])
}

/**
 * Headers that make a copy known as the same message. The source of one that names none comes from its properties, and
 * not all of these travel: the user of a copy is ours. The body is not read: a copy has to be made of what cannot be, too.
 */
export function identityHeaders(message: Message): Record<string, string> {
  if (isStructured(message) || attributesOf(message)['source']) return {}
  return { cloudEvents_source: sourceOfBare(message) }
}

/** Whether a header, by its name, is one that a message is known by, or that tells its place in an order. */
export function isIdentityHeader(name: string): boolean {
  const prefix = prefixes.find((each) => name.startsWith(each))
  return prefix !== undefined && ['id', 'source', 'partitionkey'].includes(name.slice(prefix.length).toLowerCase())
}

function sourceOfBare({ properties }: Message): string {
  const { appId, userId } = properties as Partial<Record<'appId' | 'userId', string>>
  return `/amqp/${appId || userId || 'unknown'}`
}

/** The type that a bare message would be taken as; undefined when nothing tells. */
export function typeOfBare(
  message: Message,
  group: GroupTopology,
  contentType: string | undefined,
): string | undefined {
  const named = (message.properties as { type?: string }).type
  if (named) return named
  const known = new Set(group.routes.map(({ type }) => type))
  const routed = typeIn(message.fields.routingKey)
  if (known.has(routed)) return routed
  const media = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  const fitting = group.routes.filter((route) => media === undefined || route.contentType === media)
  return fitting.length === 1 ? fitting[0]?.type : undefined
}

function malformed(message: Message, detail: string): DeliveryContent {
  const { messageId: id } = message.properties as { messageId?: string }
  const label = labelOf(message)
  return { kind: 'malformed', id: label?.id ?? id, detail, ...(label && { label }) }
}

/** Of a message that may be unreadable; neither its body nor its route is asked, which a copy may not share. */
function labelOf(message: Message): Label | undefined {
  const properties = message.properties as { messageId?: string; type?: string }
  const attributes = attributesOf(message)
  const id = attributes['id'] || properties.messageId
  const source = attributes['source'] || (isStructured(message) ? undefined : sourceOfBare(message))
  const type = attributes['type'] || properties.type
  return id && source && type ? { id, source, type, extensions: extensionsOf(attributes, message) } : undefined
}

function attributesOf({ properties }: Message): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const [header, value] of Object.entries(properties.headers ?? {})) {
    const prefix = prefixes.find((each) => header.startsWith(each))
    const text = textOf(value)
    if (prefix !== undefined && text !== undefined) attributes[header.slice(prefix.length).toLowerCase()] ??= text
  }
  return attributes
}

function extensionsOf(attributes: Readonly<Record<string, string>>, { properties }: Message): Record<string, string> {
  const extensions: Record<string, string> = {}
  for (const [name, value] of Object.entries(attributes)) if (!ownAttributes.has(name)) extensions[name] = value
  for (const name of traceAttributes) {
    const header = textOf((properties.headers as Record<string, unknown> | undefined)?.[name])
    if (header !== undefined) extensions[name] ??= header
  }
  return extensions
}

function contentTypeOf({ properties }: Message): string | undefined {
  return textOf(properties.contentType as unknown) || undefined
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

function isoTimeOf({ properties }: Message): string | undefined {
  const seconds = properties.timestamp as unknown
  // Foreign clients write milliseconds, or nonsense, into this field of seconds: beyond the calendar is no time.
  if (typeof seconds !== 'number' || !(Math.abs(seconds) <= 8.64e12)) return undefined
  return new Date(seconds * 1_000).toISOString()
}

/** What was read last: all that is published in one millisecond has one time. */
let lastRead: { readonly time: string; readonly seconds: number | undefined } | undefined

function secondsOf(time: string | undefined): number | undefined {
  if (time === undefined) return undefined
  if (time !== lastRead?.time) {
    const ms = Date.parse(time)
    lastRead = { time, seconds: ms >= 0 ? Math.floor(ms / 1_000) : undefined }
  }
  return lastRead.seconds
}

/** An address of the broker's own, such as its pseudo queue for replies, would cost whoever publishes it the channel. */
function addressIn({ replyto }: Envelope['extensions']): string | undefined {
  return replyto?.startsWith('amq.') === true ? undefined : fitting(replyto)
}

function fitting(value: string | undefined): string | undefined {
  return value !== undefined && Buffer.byteLength(value) <= shortStringBytes ? value : undefined
}
