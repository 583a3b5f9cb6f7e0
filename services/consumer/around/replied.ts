import type { ReplyFate, ReplyLine } from '../../../shared/messaging/reply-line'
import type { OnDelivery } from '../../../shared/messaging/transport'
import type { Logger } from '../../../shared/runtime/logger'
import { identityOf } from '../identity'
import { replyOf, type Addressed } from '../reply-of'

export interface RepliedParts {
  readonly replies: Pick<ReplyLine, 'send'>
  readonly logger: Pick<Logger, 'warn'>
  readonly counted: (group: string, fate: ReplyFate) => void
}

const mostUnderWay = 1_000

/**
 * Tells who waits for a message what became of it, once that is final and its effect is committed. Beside the message's
 * way: the verdict waits for no reply, and a reply that cannot be sent is counted and forgotten.
 */
export function replied(next: OnDelivery, { replies, logger, counted }: RepliedParts): OnDelivery {
  let underWay = 0
  const send = async ({ address, reply }: Addressed) => {
    // Behind a broker that confirms nothing they would pile up.
    if (underWay >= mostUnderWay) return counted(reply.group, 'dropped')
    underWay++
    const fate = await replies.send(address, reply).catch((): ReplyFate => 'dropped')
    underWay--
    counted(reply.group, fate)
  }
  return async (delivery, signal) => {
    const verdict = await next(delivery, signal)
    const addressed = replyOf(delivery, verdict)
    if (addressed === undefined) return verdict
    const { fault, reply } = addressed
    if (fault !== undefined)
      logger.warn({ ...identityOf(delivery), error: fault.message }, 'what the handler returned is no JSON')
    if (reply.omitted === 'too_large')
      logger.warn(identityOf(delivery), 'what the handler returned is over 256 KiB, and was not told')
    void send(addressed)
    return verdict
  }
}
