import { setImmediate as othersTurn } from 'node:timers/promises'
import { ProblemError } from '../../../../shared/runtime/problem-error'
import type { BodyReader, NoChunk } from './body-reader'
import type { Piece, Splitter } from './piece'

export type Cut = Exclude<Piece, { kind: 'broken' }>

/** How long a batch may be without a whole event before its end. */
const idleMs = 30_000
/** After so many, others have their turn: small events come by thousands in one chunk. */
const piecesAtOnce = 64

/**
 * Cuts a body into events and begins each, waiting where there is no room. Answers with the problem that ended it before
 * its time; undefined when all has been read. Rejects when the sender has gone, or `begin` does.
 */
export async function readPieces(
  reader: BodyReader,
  splitter: Splitter,
  begin: (piece: Cut, bytes: number) => Promise<void>,
): Promise<ProblemError | undefined> {
  let count = 0
  let lastAt = performance.now()
  for (;;) {
    const chunk = await reader.next(Math.max(0, lastAt + idleMs - performance.now()))
    const pieces = Buffer.isBuffer(chunk) ? splitter.push(chunk) : chunk === 'end' ? splitter.end() : []
    for (const piece of pieces) {
      if (piece.kind === 'broken') return new ProblemError('unreadable-body', piece.detail)
      await begin(piece, piece.kind === 'event' ? piece.bytes.length : 0)
      if (++count % piecesAtOnce === 0) await othersTurn()
    }
    // A white space now and then is no event: its sender would keep the place from others for ever.
    if (pieces.length > 0) lastAt = performance.now()
    if (chunk === 'end') return undefined
    if (!Buffer.isBuffer(chunk)) return endOf(chunk)
  }
}

function endOf(chunk: Exclude<NoChunk, 'end'>): ProblemError {
  switch (chunk) {
    case 'idle':
      return new ProblemError('request-timeout', 'no further event of the batch has come for 30 seconds')
    case 'stopped':
      return stopping()
    case 'gone':
      throw new ProblemError('malformed-request', 'the batch breaks off')
  }
}

export function stopping(): ProblemError {
  return new ProblemError('not-accepted', 'the producer stops', {
    members: { outcome: 'not_accepted' },
    headers: { 'retry-after': '2' },
  })
}
