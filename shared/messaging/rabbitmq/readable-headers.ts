/**
 * Headers that the broker takes and amqplib cannot read: tables so deep in one another that reading them overflows the
 * stack, and unsigned 64-bit numbers, whose tag it does not know. What it cannot read costs it the connection, all
 * groups with it, and the broker delivers the message again, for ever. So each frame is made readable in place, without
 * changing its length: a table or array that is too deep becomes the array of its bytes, which is written alike but for
 * the tag.
 */
import type { Connection } from 'amqplib/callback_api'

/** What amqplib reads frames with, none of it public: `rest` holds what has come and is not yet taken apart. */
export interface FrameReader {
  readonly rest: Buffer
  recvFrame: () => unknown
}

const headerFrame = 2
const frameStart = 7
const frameEnd = 1
const deepest = 32
const valueSizes: Readonly<Record<string, number>> = {
  V: 0,
  t: 1,
  b: 1,
  B: 1,
  s: 2,
  u: 2,
  I: 4,
  i: 4,
  f: 4,
  D: 5,
  d: 8,
  l: 8,
  L: 8,
  T: 8,
}

/** Has every frame of this connection made readable before amqplib reads it. */
export function keepHeadersReadable(raw: Connection): void {
  const reader = raw.connection as unknown as FrameReader
  const receive = reader.recvFrame.bind(reader)
  // amqplib calls its own method again when more bytes have come, so no frame gets past.
  reader.recvFrame = () => {
    makeReadable(reader.rest)
    return receive()
  }
}

/** Changes the first frame; the bytes behind it stay. */
function makeReadable(bytes: Buffer): void {
  const headers = headersOfFrame(bytes)
  if (headers !== undefined) flatten(headers, 'table', 1)
}

/** The fields of the header table in the first frame, in place; undefined where it has not come whole or bears none. */
export function headersOfFrame(bytes: Buffer): Buffer | undefined {
  if (bytes.length < frameStart || bytes[0] !== headerFrame) return undefined
  const end = frameStart + bytes.readUInt32BE(3)
  return bytes.length < end + frameEnd ? undefined : headersIn(bytes.subarray(frameStart, end))
}

/** Behind class, weight, body size and flags come the properties whose flags are set, the headers third. */
function headersIn(payload: Buffer): Buffer | undefined {
  const flags = payload.readUInt16BE(12)
  if ((flags & 0x2000) === 0) return undefined
  let at = 14
  for (const shortText of [0x8000, 0x4000]) if ((flags & shortText) !== 0) at += 1 + payload.readUInt8(at)
  return payload.subarray(at + 4, at + 4 + payload.readUInt32BE(at))
}

function flatten(content: Buffer, kind: 'table' | 'array', depth: number): void {
  for (let at = 0; at < content.length;) {
    if (kind === 'table') at += 1 + content.readUInt8(at)
    at = flattenValue(content, at, depth)
  }
}

/** Answers where the value ends. */
function flattenValue(content: Buffer, at: number, depth: number): number {
  const tag = String.fromCharCode(content.readUInt8(at))
  // A number from 2^63 up reads as a negative one: nothing of ours is so large.
  if (tag === 'L') content.write('l', at, 'latin1')
  const size = valueSizes[tag]
  if (size !== undefined) return at + 1 + size
  const end = at + 5 + content.readUInt32BE(at + 1)
  if (tag !== 'F' && tag !== 'A') return end
  if (depth === deepest) content.write('x', at, 'latin1')
  else flatten(content.subarray(at + 5, end), tag === 'F' ? 'table' : 'array', depth + 1)
  return end
}
