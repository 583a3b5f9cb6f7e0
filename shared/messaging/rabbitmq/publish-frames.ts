/**
 * basic.publish as the bytes that travel (AMQP 0-9-1, 4.2.3 to 4.2.6). amqplib makes the same bytes field by field, at a
 * cost that a producer feels (docs/decisions/008-own-frames.md); here they are one string, written at once.
 */
import type { Options } from 'amqplib'
import type { Outgoing } from './in-flight'

const frameOverhead = 8
/** No broker may ask for smaller frames (4.2.3), so that each of the three parts is one. */
const maxPartBytes = 4_096 - frameOverhead
const maxShortBytes = 255
const frameEnd = '\xce'
const publishMethod = '\x00\x3c\x00\x28'
const noTicket = '\x00\x00'
const basicClass = '\x00\x3c\x00\x00'
const persistent = '\x02'
const mandatory = '\x01'
const shortTexts: ReadonlySet<string> = new Set<keyof Options.Publish>([
  'contentType',
  'correlationId',
  'messageId',
  'type',
  'appId',
])
const others: ReadonlySet<string> = new Set<keyof Options.Publish>(['headers', 'persistent', 'timestamp'])

/**
 * The frames of a small, persistent, mandatory message whose texts are all ASCII; undefined for any other, which is left
 * to amqplib to put into frames or to refuse.
 */
export function publishFrames(outgoing: Outgoing, userId: string | undefined, channel: number): Buffer | undefined {
  if (!isPlain(outgoing, userId)) return undefined
  const { exchange, routingKey, body, properties } = outgoing
  const method = publishMethod + noTicket + short(exchange) + short(routingKey) + mandatory
  const header = headerOf(properties, userId, body.length)
  if (header.length > maxPartBytes) return undefined
  const before = frame(1, channel, method) + frame(2, channel, header) + frameStart(3, channel, body.length)
  const frames = Buffer.allocUnsafe(before.length + body.length + frameEnd.length)
  frames.write(before, 'latin1')
  body.copy(frames, before.length)
  frames.write(frameEnd, before.length + body.length, 'latin1')
  return frames
}

function isPlain({ exchange, routingKey, body, properties }: Outgoing, userId = ''): boolean {
  const { persistent: isPersistent, timestamp = 0 } = properties
  if (body.length === 0 || body.length > maxPartBytes || isPersistent !== true) return false
  if (!Number.isSafeInteger(timestamp) || timestamp < 0) return false
  if (!isShort(exchange) || !isShort(routingKey) || !isShort(userId)) return false
  return hasShortTexts(properties as Readonly<Record<string, unknown>>) && hasTexts(headersOf(properties))
}

function headersOf({ headers = {} }: { readonly headers?: Readonly<Record<string, unknown>> }) {
  return headers
}

function hasShortTexts(properties: Readonly<Record<string, unknown>>): boolean {
  for (const name in properties) {
    const value = properties[name]
    if (value === undefined || others.has(name)) continue
    if (!shortTexts.has(name) || typeof value !== 'string' || !isShort(value)) return false
  }
  return true
}

function hasTexts(headers: Readonly<Record<string, unknown>>): boolean {
  for (const name in headers) {
    const value = headers[name]
    if (!isShort(name) || typeof value !== 'string' || !isAscii(value)) return false
  }
  return true
}

function isShort(text: string): boolean {
  return text.length <= maxShortBytes && isAscii(text)
}

// Of ASCII a character is a byte, so that a length in characters is one in bytes.
function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length
}

// Properties come in the order of their flags (4.2.6.1), the highest first.
function headerOf(properties: Options.Publish, userId: string | undefined, bodyBytes: number): string {
  const { contentType, correlationId, messageId, timestamp, type, appId } = properties
  const parts: readonly (readonly [flag: number, bytes: string | undefined])[] = [
    [0x8000, optionalShort(contentType)],
    [0x2000, table(headersOf(properties) as Readonly<Record<string, string>>)],
    [0x1000, persistent],
    [0x0400, optionalShort(correlationId)],
    [0x0080, optionalShort(messageId)],
    [0x0040, timestamp === undefined ? undefined : longLong(timestamp)],
    [0x0020, optionalShort(type)],
    [0x0010, optionalShort(userId)],
    [0x0008, optionalShort(appId)],
  ]
  let flags = 0
  let list = ''
  for (const [flag, bytes] of parts) {
    if (bytes === undefined) continue
    flags |= flag
    list += bytes
  }
  return basicClass + longLong(bodyBytes) + word(flags) + list
}

function table(headers: Readonly<Record<string, string>>): string {
  let rows = ''
  for (const name in headers) {
    const value = headers[name] as string
    rows += `${short(name)}S${long(value.length)}${value}`
  }
  return long(rows.length) + rows
}

function frame(type: 1 | 2, channel: number, payload: string): string {
  return frameStart(type, channel, payload.length) + payload + frameEnd
}

function frameStart(type: 1 | 2 | 3, channel: number, payloadBytes: number): string {
  return String.fromCharCode(type) + word(channel) + long(payloadBytes)
}

function optionalShort(text: string | undefined): string | undefined {
  return text === undefined ? undefined : short(text)
}

function short(text: string): string {
  return String.fromCharCode(text.length) + text
}

function word(value: number): string {
  return String.fromCharCode((value >>> 8) & 0xff, value & 0xff)
}

function long(value: number): string {
  return word(value >>> 16) + word(value)
}

function longLong(value: number): string {
  return long(Math.floor(value / 2 ** 32)) + long(value)
}
