import type { Acceptance } from '../../shared/messages/message'
import type { Envelope, PublishResult, Route, Transport } from '../../shared/messaging/transport'
import { failpoint } from '../../shared/runtime/failpoints'
import type { ProducerMetrics } from './metrics'
import type { AcceptResult } from './outcome'

/** One message to be accepted, and when its caller must have an answer (on the clock of `performance.now`). */
export interface Posting {
  readonly envelope: Envelope
  readonly route: Route
  readonly acceptance: Acceptance
  readonly answerBy: number
}

export type Publish = (posting: Posting) => Promise<PublishResult>

/** Sees to it that a message is on stable storage, or tells why not. */
export type Accept = (posting: Posting) => Promise<AcceptResult>

/** Publishes within the request's time; what has none left is not begun. */
export function publishInTime(transport: Pick<Transport, 'publish'>): Publish {
  return ({ envelope, route, answerBy }) => {
    if (answerBy <= performance.now())
      return Promise.resolve({ outcome: 'not_accepted', detail: 'the request had no time left to publish' })
    failpoint('publish.begun')
    return transport.publish(envelope, route, answerBy)
  }
}

/** Counts outcomes and how long a confirm took. */
export function measured(next: Accept, metrics: ProducerMetrics): Accept {
  return async (posting) => {
    const { type } = posting.envelope
    const startedAt = performance.now()
    const result = await next(posting)
    metrics.published.inc({ type, outcome: result.outcome })
    if (result.outcome === 'confirmed')
      metrics.confirmSeconds.observe({ type }, (performance.now() - startedAt) / 1_000)
    return result
  }
}
