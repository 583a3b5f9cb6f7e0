import { ProblemError } from '../../../../shared/runtime/problem-error'
import type { BodyReader, NoChunk } from './body-reader'
import type { Piece, Splitter } from './piece'

export type Cut = Exclude<Piece, { kind: 'broken' }>

/**
 * Cuts a body into events and begins each, waiting where there is no room. Answers with the problem that ended it before
 * its time; undefined when all has been read. Rejects when the sender has gone, or `begin` does.
 */
export async function readPieces(
  reader: BodyReader,
  splitter: Splitter,
  begin: (piece: Cut, bytes: number) => Promise<void>,
): Promise<ProblemError | undefined> {
  for (;;) {
    const chunk = await reader.next()
    const pieces = Buffer.isBuffer(chunk) ? splitter.push(chunk) : chunk === 'end' ? splitter.end() : []
    for (const piece of pieces) {
      if (piece.kind === 'broken') return new ProblemError('unreadable-body', piece.detail)
      await begin(piece, piece.kind === 'event' ? piece.bytes.length : 0)
    }
    if (chunk === 'end') return undefined
    if (!Buffer.isBuffer(chunk)) return endOf(chunk)
  }
}

function endOf(chunk: Exclude<NoChunk, 'end'>): ProblemError {
  switch (chunk) {
    case 'idle':
      return new ProblemError('request-timeout', 'nothing more of the batch has come for 30 seconds')
    case 'stopped':
      return new ProblemError('not-accepted', 'the producer stops', {
        members: { outcome: 'not_accepted' },
        headers: { 'retry-after': '2' },
      })
    case 'gone':
      throw new Error('the sender of the batch has gone')
  }
}
