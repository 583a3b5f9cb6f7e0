import { crc32 } from 'node:zlib'
import type { SpoolEntry } from '../spool'

/** The first bytes of each file. The format's number stands there twice, so that a bit which has turned makes no other format of it. */
export const fileHeader = Buffer.from('HANDOFF-SPOOL 1 1\n')

const magicNumber = 0xf548530a
const magic = Buffer.alloc(4)
magic.writeUInt32BE(magicNumber)
const headLength = 16
// Longer ones do not exist: a request's body has 16 MiB at most.
const maxBodyLength = 64 * 1_048_576

/** A record that is whole, as it was found in a file. */
export interface FoundRecord {
  readonly offset: number
  readonly length: number
  readonly lane: string
  readonly storedAtMs: number
  readonly bytes: Buffer
}

/** The format that a file says it has, where that is another one; undefined also for a header that makes no sense. */
export function otherFormat(file: Buffer): string | undefined {
  const [, first, second] = /^HANDOFF-SPOOL (\d+) (\d+)\n/.exec(file.toString('latin1', 0, 32)) ?? []
  return first === second && first !== '1' ? first : undefined
}

/** Bytes that are no record, from and to, although they once were or something after them is. */
export interface DamagedRange {
  readonly from: number
  readonly to: number
  /** `one`: its head is sound, so it is a single record; `unknown`: there may have been several. */
  readonly records: 'one' | 'unknown'
}

export interface Scan {
  readonly records: readonly FoundRecord[]
  readonly damaged: readonly DamagedRange[]
  /** Where a record begins that the file ends in the middle of: it was being written when all ended. */
  readonly tornAt: number | undefined
}

/**
 * A record: four bytes that it can be found by, the length of its body, the body's CRC-32, the CRC-32 of these twelve
 * bytes, and the body: when it was stored (milliseconds, 8 bytes), the lane's length (2 bytes), the lane, the bytes.
 * All numbers are big-endian.
 */
export function encodeRecord({ lane, bytes }: SpoolEntry, storedAtMs: number): Buffer {
  const laneLength = Buffer.byteLength(lane)
  const bodyLength = 10 + laneLength + bytes.length
  const record = Buffer.allocUnsafe(headLength + bodyLength)
  record.writeUInt32BE(Math.floor(storedAtMs / 2 ** 32), headLength)
  record.writeUInt32BE(storedAtMs % 2 ** 32, headLength + 4)
  record.writeUInt16BE(laneLength, headLength + 8)
  record.write(lane, headLength + 10)
  record.set(bytes, headLength + 10 + laneLength)
  record.writeUInt32BE(magicNumber, 0)
  record.writeUInt32BE(bodyLength, 4)
  record.writeUInt32BE(crc32(record.subarray(headLength)), 8)
  record.writeUInt32BE(crc32(record.subarray(0, 12)), 12)
  return record
}

/** The record at this place, if there is one and it is whole. */
export function decodeRecord(file: Buffer, offset: number): FoundRecord | undefined {
  const length = lengthAt(file, offset)
  if (length === undefined || offset + length > file.length) return undefined
  const body = file.subarray(offset + headLength, offset + length)
  if (crc32(body) !== file.readUInt32BE(offset + 8)) return undefined
  const laneEnd = 10 + body.readUInt16BE(8)
  return {
    offset,
    length,
    storedAtMs: body.readUInt32BE(0) * 2 ** 32 + body.readUInt32BE(4),
    lane: body.toString('utf8', 10, laneEnd),
    bytes: body.subarray(laneEnd),
  }
}

/** Finds every whole record of a file; what is damaged hides none of those after it. */
export function scanRecords(file: Buffer): Scan {
  const records: FoundRecord[] = []
  const damaged: DamagedRange[] = []
  let at = fileHeader.length
  while (at < file.length) {
    const record = decodeRecord(file, at)
    if (record !== undefined) records.push(record)
    const range = record === undefined ? damagedRange(file, at) : undefined
    if (range === 'torn') return { records, damaged, tornAt: at }
    if (range !== undefined) damaged.push(range)
    at = range?.to ?? at + (record?.length ?? 0)
  }
  return { records, damaged, tornAt: undefined }
}

function damagedRange(file: Buffer, from: number): DamagedRange | 'torn' {
  const length = lengthAt(file, from)
  if (length !== undefined && from + length <= file.length) return { from, to: from + length, records: 'one' }
  const next = nextRecord(file, from + 1)
  if (next === undefined && isTorn(file, from)) return 'torn'
  return { from, to: next ?? file.length, records: 'unknown' }
}

/** The length of the whole record that begins here; undefined where none does. */
function lengthAt(file: Buffer, offset: number): number | undefined {
  if (offset + headLength > file.length || file.readUInt32BE(offset) !== magicNumber) return undefined
  const bodyLength = file.readUInt32BE(offset + 4)
  if (bodyLength > maxBodyLength || bodyLength < 10) return undefined
  if (crc32(file.subarray(offset, offset + 12)) !== file.readUInt32BE(offset + 12)) return undefined
  return headLength + bodyLength
}

function nextRecord(file: Buffer, from: number): number | undefined {
  for (let at = file.indexOf(magic, from); at >= 0; at = file.indexOf(magic, at + 1))
    if (decodeRecord(file, at) !== undefined) return at
  return undefined
}

/** The file ends within the head, or within a body whose head is sound. */
function isTorn(file: Buffer, at: number): boolean {
  const left = file.subarray(at)
  if (left.length < headLength) return true
  const length = lengthAt(file, at)
  return length !== undefined && length > left.length
}
