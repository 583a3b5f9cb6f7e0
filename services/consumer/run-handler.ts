import { failpoint } from '../../shared/runtime/failpoints'
import type { Logger } from '../../shared/runtime/logger'
import { traceIdOf } from './identity'
import type { Run } from './work'

/** Calls the handler with its context: the innermost step. */
export function runHandler(logger: Logger): Run {
  return async ({ handler, envelope, data, attempt, signal }, db) => {
    const { id: messageId, source, type } = envelope
    const { group } = handler
    const child = logger.child({ messageId, type, group, attempt, traceId: traceIdOf(envelope) })
    failpoint('handler.running')
    await handler.handle(data, { messageId, source, group, attempt, signal, logger: child, db })
  }
}
