import { attributes } from '../../../shared/runtime/tracing/attributes'
import { inSpan, type Tracing } from '../../../shared/runtime/tracing/tracing'
import type { Accept } from '../accept'

/** A trace begins with a message that the clock sends: a span from when it is made until it is accepted. */
export function tracedFiring(next: Accept, tracing: Tracing | undefined): Accept {
  if (tracing === undefined) return next
  return async (posting) => {
    const { envelope } = posting
    const span = tracing.begin({
      name: `fire ${envelope.type}`,
      kind: 'internal',
      parent: undefined,
      attributes: {
        [attributes.messageId]: envelope.id,
        [attributes.eventType]: envelope.type,
        [attributes.eventSource]: envelope.source,
      },
    })
    const result = await next({ ...posting, envelope: inSpan(envelope, span) })
    span.set({ [attributes.outcome]: result.outcome })
    span.end()
    return result
  }
}
