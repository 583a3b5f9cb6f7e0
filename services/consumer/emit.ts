import { outboxWrite } from '../../shared/forwarding/outbox-write'
import type { Envelope } from '../../shared/messaging/transport'
import type { HandlerContext, HandlerDatabase } from './handler'

export interface EmitParts {
  readonly db: Pick<HandlerDatabase, 'run'>
  /** The message that is being handled, which the emitted ones follow from. */
  readonly cause: Envelope
  readonly source: string
}

/** Writes a handler's own messages into the outbox, in its transaction. */
export function emitInto({ db, cause, source }: EmitParts): HandlerContext['emit'] {
  return async (type, data, { key } = {}) => {
    const facts = { source, extensions: lineageOf(cause), ...(key !== undefined && { key }) }
    const { sql, params } = outboxWrite(type, data, facts)
    await db.run(sql, params)
  }
}

/** What follows from a message belongs to the same whole, and to the same trace. */
function lineageOf({ id, extensions }: Envelope): Readonly<Record<string, string>> {
  const { correlationid = id, traceparent, tracestate } = extensions
  return {
    correlationid,
    causationid: id,
    ...(traceparent !== undefined && { traceparent }),
    ...(traceparent !== undefined && tracestate !== undefined && { tracestate }),
  }
}
