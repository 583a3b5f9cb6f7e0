import type { PublishOutcome, PublishResult } from '../../shared/messaging/transport'
import type { MessageLinks } from './http/message-links'
import type { ProblemCode } from '../../shared/runtime/problem'
import { ProblemError } from '../../shared/runtime/problem-error'

/** `stored`: flushed to the spool, which sends it. The others are what became of the publish. */
export type AcceptOutcome = PublishOutcome | 'stored'

/** What became of a message that a caller wants to have accepted. */
export interface AcceptResult extends Omit<PublishResult, 'outcome'> {
  readonly outcome: AcceptOutcome
}

/** `dropped`: the routing rules of this place want it nowhere, so that it was taken and goes no further. */
export type AcceptedOutcome = 'confirmed' | 'stored' | 'dropped'
type RefusedOutcome = Exclude<AcceptOutcome, AcceptedOutcome>

/** The body of a 202: the message is on stable storage, unless a rule drops it. */
export interface Accepted {
  readonly id: string
  readonly type: string
  readonly outcome: AcceptedOutcome
  readonly links: MessageLinks
}

const accepted: ReadonlySet<AcceptOutcome> = new Set<AcceptedOutcome>(['confirmed', 'stored', 'dropped'])

const problemOf: Record<RefusedOutcome, ProblemCode> = {
  not_accepted: 'not-accepted',
  unknown: 'outcome-unknown',
  unroutable: 'unroutable',
}

// Unroutable asks for a person to mend the topology; the other two pass with the broker's trouble.
const retryAfterSeconds: Record<RefusedOutcome, string> = {
  not_accepted: '2',
  unknown: '2',
  unroutable: '30',
}

/** Whether nothing is left for its sender to do. */
export function isAccepted(result: AcceptResult): result is AcceptResult & { readonly outcome: AcceptedOutcome } {
  return accepted.has(result.outcome)
}

/** What a caller is told; throws the problem for every outcome that is no acceptance. */
export function answerTo(result: AcceptResult, { id, type, links }: Omit<Accepted, 'outcome'>): Accepted {
  if (isAccepted(result)) return { id, type, outcome: result.outcome, links }
  const outcome = result.outcome as RefusedOutcome
  throw new ProblemError(problemOf[outcome], result.detail, {
    members: { outcome, id, messageType: type },
    headers: { 'retry-after': retryAfterSeconds[outcome] },
  })
}
