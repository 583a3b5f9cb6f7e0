import { crc32 } from 'node:zlib'

const markLength = 8

/**
 * Says that the record at this offset of a segment is done: the offset, and a CRC-32 of it and the segment's number,
 * since a mark that a disk has changed would take an unsent message for a sent one.
 */
export function encodeMark(segment: number, offset: number): Buffer {
  const mark = Buffer.allocUnsafe(markLength)
  mark.writeUInt32BE(offset, 0)
  mark.writeUInt32BE(checksum(segment, offset), 4)
  return mark
}

/** The offsets of a segment's marks; what is no mark counts as none, and its message is sent once more. */
export function decodeMarks(segment: number, file: Buffer): ReadonlySet<number> {
  const offsets = new Set<number>()
  for (let at = 0; at + markLength <= file.length; at += markLength) {
    const offset = file.readUInt32BE(at)
    if (file.readUInt32BE(at + 4) === checksum(segment, offset)) offsets.add(offset)
  }
  return offsets
}

function checksum(segment: number, offset: number): number {
  return crc32(`${segment}:${offset}`)
}
