import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { unsupported } from '../../../../shared/runtime/body-bytes'
import { lingerAfter } from '../../../../shared/runtime/linger'
import { answerLines, type Lines } from '../../../../shared/runtime/line-answer'
import { mayArriveSlowly } from '../../../../shared/runtime/long-requests'
import { ProblemError } from '../../../../shared/runtime/problem-error'
import type { Turns } from '../../../../shared/runtime/turns'
import { BodyReader } from './body-reader'
import { ElementSplitter } from './element-splitter'
import { LineSplitter } from './line-splitter'
import { outcomeLine, problemLine, type Take } from './outcome-line'
import type { Splitter } from './piece'
import { readPieces, stopping, type Cut } from './read-pieces'
import { Window } from './window'

/** The media types that hold several events. */
export const batchMedia = ['application/cloudevents-batch+json', 'application/x-ndjson'] as const
export type BatchMedia = (typeof batchMedia)[number]

export interface PostBatchParts {
  /** The largest event, in bytes. */
  readonly eventLimit: number
  /** Bounds what the events of all batches have under way together. */
  readonly turns: Turns
  /** Bounds how many batches are read at once. */
  readonly places: BatchPlaces
  /** Aborts when the producer stops. */
  readonly stop: AbortSignal
  readonly take: Take
  readonly failed: (error: unknown) => void
  /** Hears of a batch whose answer nobody got to its end. */
  readonly brokeOff: (request: FastifyRequest) => void
}

/** Of one batch; the bytes of one that is being read come on top. */
const windowLimits = { events: 512, bytes: 1_048_576 }

/** So many batches at once, each with memory of its own. */
export class BatchPlaces {
  readonly #most: number
  #taken = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Throws a problem when there is none left. */
  take(): () => void {
    if (this.#taken >= this.#most)
      throw new ProblemError('not-accepted', `${this.#most} batches are at work already`, {
        members: { outcome: 'not_accepted' },
        headers: { 'retry-after': '1' },
      })
    this.#taken++
    return () => void this.#taken--
  }
}

/** Takes the events of a stream as they come, and answers with a line for each, in their order. */
export async function postBatch(request: FastifyRequest, reply: FastifyReply, parts: OneBatch): Promise<FastifyReply> {
  // What is left of it is not read when it ends early.
  void reply.header('connection', 'close')
  refuseHeaders(request)
  const leave = parts.places.take()
  mayArriveSlowly(request.raw)
  const gone = new AbortController()
  reply.raw.once('close', () => {
    gone.abort()
    if (!reply.raw.writableFinished) parts.brokeOff(request)
  })
  const work = (lines: Lines) => takeAll(request, lines, { ...parts, gone: gone.signal }).finally(leave)
  return answerLines(reply, { signal: gone.signal, work, failed: () => undefined })
}

type OneBatch = PostBatchParts & { readonly media: BatchMedia }

async function takeAll(
  request: FastifyRequest,
  lines: Lines,
  { media, eventLimit, turns, stop, gone, take, failed }: OneBatch & { readonly gone: AbortSignal },
): Promise<string | void> {
  const window = new Window(windowLimits, (text) => {
    lines.begin()
    return lines.write(text)
  })
  const counts = { events: 0, accepted: 0, refused: 0 }
  request.facts.batch = counts
  // What still waits for its turn then is not begun: nobody would hear what became of it.
  const inTime = (bytes: Buffer) => (stop.aborted || gone.aborted ? Promise.reject(stopping()) : take(bytes))
  const begin = (piece: Cut, bytes: number) => {
    const position = ++counts.events
    return window.begin(bytes, () => turns.take(() => outcomeLine(piece, { position, take: inTime, counts, failed })))
  }
  const reader = new BodyReader(bodyOf(request), stop)
  try {
    const ended = await readPieces(reader, splitterOf(media, eventLimit), begin)
    await window.end()
    if (ended === undefined) return void lines.begin()
    return endedEarly(request, reader, { problem: ended, events: counts.events })
  } finally {
    reader.close()
  }
}

/** Before the first event a refusal is an answer of its own, later it is the last line. */
function endedEarly(
  request: FastifyRequest,
  reader: BodyReader,
  { problem, events }: { readonly problem: ProblemError; readonly events: number },
): string {
  reader.close()
  lingerAfter(request.raw)
  if (events === 0) throw problem
  return problemLine(problem, { position: events + 1 })
}

function splitterOf(media: BatchMedia, eventLimit: number): Splitter {
  return media === 'application/x-ndjson' ? new LineSplitter(eventLimit) : new ElementSplitter(eventLimit)
}

/** A request without a body has none to parse. */
function bodyOf({ body, raw }: FastifyRequest): Readable {
  return (body as Readable | undefined) ?? raw
}

function refuseHeaders({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding']
  if (encoding !== undefined)
    throw unsupported(`the Content-Encoding "${encoding}" is not taken; send the body as it is`)
  if (headers['idempotency-key'] !== undefined)
    throw new ProblemError(
      'invalid-idempotency-key',
      'each event of a batch is known by its id; send it without Idempotency-Key',
    )
}
