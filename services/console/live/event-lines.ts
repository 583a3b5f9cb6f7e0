import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import type { FastifyReply } from 'fastify'

export interface EventLine {
  /** Sent back by whoever comes again, as Last-Event-ID. */
  readonly id: string
  readonly data: unknown
}

/** Waits while the caller does not take what was written before. */
export type SendEvent = (event: EventLine) => Promise<void>

export interface EventWork {
  /** Of the request; when it aborts, nobody takes events any more. */
  readonly signal: AbortSignal
  /** Sends for as long as it likes; what it rejects with ends the answer, and the caller comes again. */
  readonly work: (send: SendEvent) => Promise<void>
}

const takesWithinMs = 30_000

/**
 * Answers with server-sent events (HTML Standard, 9.2). A caller who takes nothing for half a minute is let go: he comes
 * again, and says where he was.
 */
export function answerEvents(reply: FastifyReply, { signal, work }: EventWork): FastifyReply {
  const stream = new PassThrough()
  // Of a caller who has gone away the signal of his request tells.
  stream.on('error', () => {})
  const send: SendEvent = async ({ id, data }) => {
    signal.throwIfAborted()
    if (stream.write(`id: ${id}\ndata: ${JSON.stringify(data)}\n\n`)) return
    await once(stream, 'drain', { signal: AbortSignal.any([signal, AbortSignal.timeout(takesWithinMs)]) })
  }
  // Whoever does not read would not see an end either.
  void work(send).then(
    () => stream.end(),
    () => (signal.aborted ? stream.end() : stream.destroy()),
  )
  // Some proxies gather answers before they pass them on, unless they are told.
  void reply.headers({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' })
  return reply.send(stream)
}
