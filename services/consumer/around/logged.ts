import type { Delivery, OnDelivery, Verdict } from '../../../shared/messaging/transport'
import type { Logger } from '../../../shared/runtime/logger'
import { identityOf } from '../identity'

/**
 * One line for each verdict: what became of which message, and why; and how urgent it was unless that is normal. Never the
 * payload.
 */
export function logged(next: OnDelivery, logger: Logger, identify = identityOf): OnDelivery {
  return async (delivery, signal) => {
    const startedAt = performance.now()
    const verdict = await next(delivery, signal)
    const ms = Math.round(performance.now() - startedAt)
    tell(logger, verdict, { ...identify(delivery), ...urgencyOf(delivery), ms })
    return verdict
  }
}

const ends = {
  applied: 'processed',
  duplicate: 'processed before, nothing done',
  cancelled: 'cancelled before it was due, nothing done',
  filtered: 'not wanted by the rules of its group, nothing done',
}

function tell(logger: Logger, verdict: Verdict, fields: object): void {
  switch (verdict.kind) {
    case 'ack':
      return logger.info(fields, ends[verdict.effect])
    case 'retry':
      return logger.warn({ ...fields, afterMs: verdict.afterMs, ...blame(verdict) }, 'failed, will be tried again')
    case 'reject':
      return logger.error({ ...fields, ...blame(verdict) }, 'parked as a dead letter')
    case 'defer':
      return logger.debug(fields, 'put at the end of its queue, makes way for others')
    case 'release':
      return logger.info(fields, 'given back, closing')
  }
}

// Most deliveries are normal, and need not say so.
function urgencyOf({ urgency = 'normal' }: Delivery): Pick<Delivery, 'urgency'> {
  return urgency === 'normal' ? {} : { urgency }
}

function blame({ failure }: Extract<Verdict, { kind: 'retry' | 'reject' }>) {
  return { reason: failure.reason, errorClass: failure.errorClass, error: failure.message }
}
