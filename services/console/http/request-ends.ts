import type { FastifyReply } from 'fastify'
import { ProblemError } from '../../../shared/runtime/problem-error'
import { away } from '../dead-letters-problem'

/** What an answer in one piece may take. */
export const answerWithinMs = 30_000
/** What an answer may take that goes on for as long as it has something to say. */
export const streamWithinMs = 3_600_000
/**
 * What an export may take, whose letters nobody else sees meanwhile: however slowly its caller reads. The broker takes
 * letters back from whoever has held them for half an hour.
 */
export const exportWithinMs = 600_000

/** When the work for a request has to end: its caller has gone away, its time is over, or the service stops. */
export class RequestEnds {
  readonly #open = new Set<AbortController>()
  #stopped = false

  /** Aborts with a problem; by then the response may be closed. */
  of({ raw: response }: FastifyReply, withinMs: number): AbortSignal {
    const end = new AbortController()
    const late = setTimeout(() => end.abort(tooLong(withinMs)), withinMs)
    this.#open.add(end)
    if (this.#stopped) end.abort(stopping())
    response.once('close', () => {
      clearTimeout(late)
      this.#open.delete(end)
      end.abort(away('the caller has gone away'))
    })
    return end.signal
  }

  /** What is asked for from now on ends at once. */
  stop(): void {
    this.#stopped = true
    for (const end of this.#open) end.abort(stopping())
  }
}

function stopping(): ProblemError {
  return away('the console stops')
}

function tooLong(ms: number): ProblemError {
  return new ProblemError('took-too-long', `it took longer than ${ms} ms`, { headers: { 'retry-after': '5' } })
}
