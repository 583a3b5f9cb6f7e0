import type { PublishOutcome, PublishResult } from '../../shared/messaging/transport'
import type { ProblemCode } from '../../shared/runtime/problem'
import { ProblemError } from '../../shared/runtime/problem-error'

/** The body of a 202: the message is on stable storage. */
export interface Accepted {
  readonly id: string
  readonly type: string
  readonly outcome: 'confirmed'
}

const problemOf: Record<Exclude<PublishOutcome, 'confirmed'>, ProblemCode> = {
  not_accepted: 'not-accepted',
  unknown: 'outcome-unknown',
  unroutable: 'unroutable',
}

// Unroutable asks for a person to mend the topology; the other two pass with the broker's trouble.
const retryAfterSeconds: Record<Exclude<PublishOutcome, 'confirmed'>, string> = {
  not_accepted: '2',
  unknown: '2',
  unroutable: '30',
}

/** What a caller is told of a publish; throws the problem for every outcome but a confirm. */
export function answerTo({ outcome, detail }: PublishResult, { id, type }: { id: string; type: string }): Accepted {
  if (outcome === 'confirmed') return { id, type, outcome }
  throw new ProblemError(problemOf[outcome], detail, {
    members: { outcome, id, messageType: type },
    headers: { 'retry-after': retryAfterSeconds[outcome] },
  })
}
