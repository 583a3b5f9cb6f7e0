import type { Lsn } from './lsn'

/** What comes over a replication connection. `end`: how far the server's log reaches. */
export type StreamMessage =
  | { readonly kind: 'data'; readonly payload: Buffer }
  | { readonly kind: 'keepalive'; readonly end: Lsn; readonly wantsAnswer: boolean }

const year2000Ms = Date.UTC(2000, 0, 1)
const dataHead = 25

/** Reads one ("Streaming Replication Protocol" in PostgreSQL's manual). Throws for what it does not know. */
export function readStreamMessage(chunk: Buffer): StreamMessage {
  const letter = String.fromCharCode(chunk.readUInt8(0))
  if (letter === 'w') return { kind: 'data', payload: chunk.subarray(dataHead) }
  if (letter === 'k')
    return { kind: 'keepalive', end: chunk.readBigUInt64BE(1), wantsAnswer: chunk.readUInt8(17) === 1 }
  throw new Error(`PostgreSQL sent a message "${letter}", which its replication protocol does not have`)
}

/** Tells the server up to where it may forget its log; it answers with a keepalive. */
export function standbyStatus(done: Lsn, nowMs: number): Buffer {
  const status = Buffer.alloc(34)
  status.write('r')
  for (const at of [1, 9, 17]) status.writeBigUInt64BE(done, at)
  status.writeBigInt64BE(BigInt(nowMs - year2000Ms) * 1_000n, 25)
  status.writeUInt8(1, 33)
  return status
}
