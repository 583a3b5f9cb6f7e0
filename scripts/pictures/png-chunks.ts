import { crc32 } from 'node:zlib'

/** A piece of a PNG file, by the W3C's recommendation of 2025 (third edition). */
export interface Chunk {
  readonly type: string
  readonly data: Buffer
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** The pieces in their order. Throws for what is no PNG and for a piece whose checksum is wrong. */
export function chunksIn(file: Buffer): readonly Chunk[] {
  if (!file.subarray(0, signature.length).equals(signature)) throw new Error('this is no PNG: it begins otherwise')
  const chunks: Chunk[] = []
  for (let at = signature.length; at < file.length;) {
    const ends = at + 8 + file.readUInt32BE(at)
    const type = file.toString('latin1', at + 4, at + 8)
    if (crc32(file.subarray(at + 4, ends)) !== file.readUInt32BE(ends))
      throw new Error(`the checksum of the PNG's piece ${type} at byte ${at} is wrong`)
    chunks.push({ type, data: file.subarray(at + 8, ends) })
    at = ends + 4
  }
  return chunks
}

export function pngOf(chunks: readonly Chunk[]): Buffer {
  return Buffer.concat([signature, ...chunks.map(bytesOf)])
}

function bytesOf({ type, data }: Chunk): Buffer {
  const bytes = Buffer.alloc(data.length + 12)
  bytes.writeUInt32BE(data.length, 0)
  bytes.write(type, 4, 'latin1')
  data.copy(bytes, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(4, data.length + 8)), data.length + 8)
  return bytes
}
