import type { Envelope, Urgency } from '../../shared/messaging/transport'
import type { Applied } from '../../shared/store/store'
import type { Handler, HandlerDatabase } from './handler'

/** One handler run: everything that is known before it starts. */
export interface Job {
  readonly handler: Handler
  readonly envelope: Envelope
  readonly data: unknown
  readonly attempt: number
  /** Attempts among these that ended without a verdict; the schedule does not count them. */
  readonly returns: number
  /** As the queue says in which the delivery came, whatever priority the message has. */
  readonly urgency: Urgency
  readonly signal: AbortSignal
}

/** Brings a job to its effect, or throws. */
export type Work = (job: Job) => Promise<Applied>

/** Runs a job's handler against a database. */
export type Run = (job: Job, db: HandlerDatabase) => Promise<void>

/** The consumer is closing: the job is given back without a verdict. */
export class Closing extends Error {
  readonly code = 'CLOSING'
  override readonly name = 'Closing'
}

/** For what may fail without harm: passes on that the consumer is closing, and takes any other error for no answer. */
export function unlessClosing(error: unknown): undefined {
  if (error instanceof Closing) throw error
}

/** The handler did not come back in time. */
export class TimeLimitExceeded extends Error {
  readonly code = 'TIME_LIMIT_EXCEEDED'
  override readonly name = 'TimeLimitExceeded'
}
