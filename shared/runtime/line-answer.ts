import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import type { FastifyReply } from 'fastify'

/** Lines of JSON on their way to a caller. */
export interface Lines {
  /** From now on the answer is 200, and what goes wrong can only be told in it. */
  readonly begin: () => void
  /** Waits while the caller does not take what was written before. Rejects when he takes nothing for half a minute. */
  readonly write: (line: string) => Promise<void>
  /** Writes a line if the caller takes it now, and tells whether it did. */
  readonly offer: (line: string) => 'written' | 'not now'
}

export interface LineWork {
  /** Of the request; when it aborts, nobody takes lines any more. */
  readonly signal: AbortSignal
  /** Answers with the last line, if there is to be one; whoever is behind gets it all the same. */
  readonly work: (lines: Lines) => Promise<string | void>
  /** The last line when it fails once begun; undefined cuts the answer off, which every client of HTTP notices. */
  readonly failed: (error: unknown) => string | undefined
}

export const lineMedia = 'application/x-ndjson'
const takesWithinMs = 30_000

/** Answers with lines of JSON. Until the work begins them, what it rejects with is the answer, with its own status. */
export async function answerLines(reply: FastifyReply, { signal, work, failed }: LineWork): Promise<FastifyReply> {
  const begun = Promise.withResolvers<void>()
  const stream = new PassThrough()
  // Of a caller who has gone away the signal of his request tells.
  stream.on('error', () => {})
  const whole = work({
    begin: begun.resolve,
    write: (line) => writeWaiting(stream, line, signal),
    offer: (line) => {
      if (stream.writableNeedDrain || stream.destroyed) return 'not now'
      stream.write(`${line}\n`)
      return 'written'
    },
  })
  await Promise.race([begun.promise, whole])
  void endWith(stream, whole, failed)
  return reply.type(lineMedia).send(stream)
}

async function endWith(stream: PassThrough, whole: Promise<string | void>, failed: LineWork['failed']): Promise<void> {
  try {
    const last = await whole
    stream.end(last === undefined ? '' : `${last}\n`)
  } catch (error) {
    const last = failed(error)
    if (last === undefined) stream.destroy(error as Error)
    else stream.end(`${last}\n`)
  }
}

async function writeWaiting(stream: PassThrough, line: string, ended: AbortSignal): Promise<void> {
  if (stream.destroyed || stream.write(`${line}\n`)) return
  await once(stream, 'drain', { signal: AbortSignal.any([ended, AbortSignal.timeout(takesWithinMs)]) })
}
