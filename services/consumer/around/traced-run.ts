import { attributes } from '../../../shared/runtime/tracing/attributes'
import { inSpan, type Tracing } from '../../../shared/runtime/tracing/tracing'
import { Closing, type Run } from '../work'

/** A span for each run of a handler, which is the active one within. What the handler emits follows from it. */
export function tracedRun(run: Run, tracing: Tracing | undefined): Run {
  if (tracing === undefined) return run
  return async (job, db) => {
    const { handler, envelope, attempt } = job
    const span = tracing.begin({
      name: `handle ${handler.type.name}`,
      kind: 'internal',
      parent: envelope.extensions,
      attributes: {
        [attributes.consumerGroup]: handler.group,
        [attributes.messageId]: envelope.id,
        [attributes.eventType]: envelope.type,
        [attributes.attempt]: attempt,
      },
    })
    try {
      await span.during(() => run({ ...job, envelope: inSpan(envelope, span) }, db))
    } catch (error) {
      // Whoever is told to stop has not failed.
      if (!(error instanceof Closing)) span.fail(error instanceof Error ? error.name : 'unknown')
      throw error
    } finally {
      span.end()
    }
  }
}
