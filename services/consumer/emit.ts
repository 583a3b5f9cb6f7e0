import { outboxWrite } from '../../shared/forwarding/outbox-write'
import { refusedTiming, timeNames } from '../../shared/messaging/timing'
import type { Envelope } from '../../shared/messaging/transport'
import type { HandlerContext, HandlerDatabase } from './handler'

export interface EmitterParts {
  readonly db: Pick<HandlerDatabase, 'run'>
  /** The message that is being handled, which the emitted ones follow from. */
  readonly cause: Envelope
  readonly source: string
}

/** Writes a handler's own messages into the outbox, in its transaction. */
export class Emitter {
  readonly #parts: EmitterParts
  #failure: { readonly error: unknown } | undefined

  constructor(parts: EmitterParts) {
    this.#parts = parts
  }

  readonly emit: HandlerContext['emit'] = (type, data, options = {}) => {
    const written = this.#write(() => {
      const { source, cause } = this.#parts
      const { deliverAt, ...facts } = options
      const extensions = { ...lineageOf(cause), ...dueOf(deliverAt) }
      return outboxWrite(type, data, { ...facts, source, extensions })
    })
    // A handler that forgot its await must not end the process; it hears of the failure when it has returned.
    written.catch((error: unknown) => (this.#failure ??= { error }))
    return written
  }

  /** Throws when a message could not be written, also where the handler took no notice: its effect is nothing without it. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }

  async #write(statement: () => ReturnType<typeof outboxWrite>): Promise<void> {
    const { sql, params } = statement()
    await this.#parts.db.run(sql, params)
  }
}

function dueOf(deliverAt: string | undefined): Readonly<Record<string, string>> {
  if (deliverAt === undefined) return {}
  const refusal = refusedTiming({ [timeNames.due]: deliverAt }, Date.now())
  if (refusal !== undefined) throw new TypeError(`the message is not taken: ${refusal}`)
  return { [timeNames.due]: deliverAt }
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
