/**
 * basic.publish as the bytes that travel (AMQP 0-9-1, 4.2.3 to 4.2.6). amqplib makes the same bytes field by field, at a
 * cost that a producer feels (docs/decisions/008-own-frames.md); here they are written one behind the other, once.
 */
import type { Options } from 'amqplib'
import type { FrameBuffer } from './frame-buffer'
import type { Outgoing } from './in-flight'

const frameOverhead = 8
const minFrameMax = 4_096
/** No broker may ask for smaller frames (4.2.3), so that each of the three parts is one. */
const maxPartBytes = minFrameMax - frameOverhead
/** What a message needs at most. */
export const maxPublishBytes = 3 * minFrameMax
const maxShortBytes = 255
const maxByte = 255
const frameEnd = 0xce
const basicPublish = 0x003c0028
const basicClass = 0x003c0000
const noTicket = 0
const mandatory = 1
const persistent = 2
const longString = 'S'.charCodeAt(0)
const known: ReadonlySet<string> = new Set<keyof Options.Publish>([
  'contentType',
  'headers',
  'persistent',
  'priority',
  'correlationId',
  'replyTo',
  'messageId',
  'timestamp',
  'type',
  'appId',
])

/**
 * Adds the frames of a small, persistent, mandatory message whose texts are all ASCII. Returns whether it did: any other
 * is left to amqplib to put into frames or to refuse. There must be room for {@link maxPublishBytes}.
 */
export function addPublish(
  to: FrameBuffer,
  outgoing: Outgoing,
  { userId, channel }: { readonly userId: string | undefined; readonly channel: number },
): boolean {
  if (!isPlain(outgoing)) return false
  const before = to.at
  const added =
    addFrame(to, { type: 1, channel }, () => addMethod(to, outgoing)) &&
    addFrame(to, { type: 2, channel }, () => addHeader(to, outgoing, userId)) &&
    addFrame(to, { type: 3, channel }, () => addBody(to, outgoing.body))
  if (!added) to.rewind(before)
  return added
}

function isPlain({ body, properties }: Outgoing): boolean {
  if (body.length === 0 || body.length > maxPartBytes || properties.persistent !== true) return false
  const { timestamp = 0, priority = 0 } = properties
  if (!Number.isSafeInteger(timestamp) || timestamp < 0) return false
  if (!Number.isSafeInteger(priority) || priority < 0 || priority > maxByte) return false
  for (const name in properties)
    if (!known.has(name) && properties[name as keyof Options.Publish] !== undefined) return false
  return true
}

function addFrame(
  to: FrameBuffer,
  { type, channel }: { readonly type: 1 | 2 | 3; readonly channel: number },
  addPayload: () => boolean,
): boolean {
  to.byte(type)
  to.word(channel)
  const lengthAt = to.at
  to.long(0)
  const start = to.at
  if (!addPayload() || to.at - start > maxPartBytes) return false
  to.setLong(lengthAt, to.at - start)
  to.byte(frameEnd)
  return true
}

function addMethod(to: FrameBuffer, { exchange, routingKey }: Outgoing): boolean {
  to.long(basicPublish)
  to.word(noTicket)
  if (!addShort(to, exchange) || !addShort(to, routingKey)) return false
  to.byte(mandatory)
  return true
}

function addBody(to: FrameBuffer, body: Buffer): boolean {
  to.bytes(body)
  return true
}

// Properties come in the order of their flags (4.2.6.1), the highest first.
function addHeader(to: FrameBuffer, { properties, body }: Outgoing, userId: string | undefined): boolean {
  const { contentType, priority, correlationId, replyTo, messageId, timestamp, type, appId } = properties
  to.long(basicClass)
  to.longLong(body.length)
  to.word(flagsOf(properties, userId))
  if (!addOptional(to, contentType) || !addTable(to, properties.headers as Readonly<Record<string, unknown>>))
    return false
  to.byte(persistent)
  if (priority !== undefined) to.byte(priority)
  if (!addOptional(to, correlationId) || !addOptional(to, replyTo) || !addOptional(to, messageId)) return false
  if (timestamp !== undefined) to.longLong(timestamp)
  return addOptional(to, type) && addOptional(to, userId) && addOptional(to, appId)
}

function flagsOf(properties: Options.Publish, userId: string | undefined): number {
  const { contentType, priority, correlationId, replyTo, messageId, timestamp, type, appId } = properties
  return (
    0x3000 |
    (contentType === undefined ? 0 : 0x8000) |
    (priority === undefined ? 0 : 0x0800) |
    (correlationId === undefined ? 0 : 0x0400) |
    (replyTo === undefined ? 0 : 0x0200) |
    (messageId === undefined ? 0 : 0x0080) |
    (timestamp === undefined ? 0 : 0x0040) |
    (type === undefined ? 0 : 0x0020) |
    (userId === undefined ? 0 : 0x0010) |
    (appId === undefined ? 0 : 0x0008)
  )
}

function addTable(to: FrameBuffer, headers: Readonly<Record<string, unknown>> = {}): boolean {
  const lengthAt = to.at
  to.long(0)
  for (const name in headers) if (!addShort(to, name) || !addLongString(to, headers[name])) return false
  to.setLong(lengthAt, to.at - lengthAt - 4)
  return true
}

function addLongString(to: FrameBuffer, value: unknown): boolean {
  if (typeof value !== 'string') return false
  to.byte(longString)
  to.long(value.length)
  return to.ascii(value)
}

function addOptional(to: FrameBuffer, text: unknown): boolean {
  return text === undefined || addShort(to, text)
}

// Of ASCII a character is a byte, so that a length in characters is one in bytes.
function addShort(to: FrameBuffer, text: unknown): boolean {
  if (typeof text !== 'string' || text.length > maxShortBytes) return false
  to.byte(text.length)
  return to.ascii(text)
}
