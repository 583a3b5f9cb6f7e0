/** Headers that other clients may send and amqplib cannot write. */
import type { Duplex } from 'node:stream'
import type { RawClient } from './amqp-client'

const stem = 'foreign'

/** A header `foreignTAG` that {@link sendForeignHeaders} gives this tag, and behind it the length and the bytes. */
export function foreignHeader(tag: string, bytes: Buffer): Record<string, Buffer> {
  return { [stem + tag]: bytes }
}

/** From now on this client's bytes are changed on their way out: the tag of a byte array so named becomes the wanted one. */
export function sendForeignHeaders({ channel }: RawClient): void {
  const { stream } = (channel as unknown as { connection: { stream: Duplex } }).connection
  const write = stream.write.bind(stream) as (chunk: Buffer) => boolean
  stream.write = ((chunk: Buffer) => write(retagged(chunk))) as typeof stream.write
}

function retagged(chunk: Buffer): Buffer {
  const tagAt = chunk.indexOf(stem, 0, 'latin1') + stem.length
  if (tagAt >= stem.length) chunk[tagAt + 1] = chunk[tagAt] as number
  return chunk
}

/** Tables in tables: the content of the outermost, so many levels deep. */
export function nestedTables(levels: number): Buffer {
  const bytesPerLevel = 7
  const bytes = Buffer.alloc(levels * bytesPerLevel)
  for (let level = 0; level < levels; level++) {
    bytes.write('\x01kF', level * bytesPerLevel, 'latin1')
    bytes.writeUInt32BE((levels - level - 1) * bytesPerLevel, level * bytesPerLevel + 3)
  }
  return bytes
}
