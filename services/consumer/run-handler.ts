import { failpoint } from '../../shared/runtime/failpoints'
import type { Logger } from '../../shared/runtime/logger'
import { Emitter } from './emit'
import { HandlerLog } from './handler-log'
import { spanIdOf, traceIdOf } from './identity'
import type { Run } from './work'

/** Whether messages bear the span that their handler runs in. */
export type Spans = 'traced' | 'untraced'

/** Calls the handler with its context: the innermost step. `namespace` is where its own messages say that they come from. */
export function runHandler(logger: Logger, namespace: string, spans: Spans = 'untraced'): Run {
  return async ({ handler, envelope, data, attempt, signal }, db) => {
    const { id: messageId, source, type } = envelope
    const { group } = handler
    const own = new HandlerLog(logger, () => ({
      ...{ messageId, type, group, attempt, traceId: traceIdOf(envelope) },
      ...(spans === 'traced' && { spanId: spanIdOf(envelope) }),
    }))
    failpoint('handler.running')
    const emitter = new Emitter({ db, cause: envelope, source: `/${namespace}/consumer/${group}` })
    const { emit } = emitter
    await handler.handle(data, { messageId, source, type, group, attempt, signal, logger: own, db, emit })
    emitter.check()
  }
}
