import type { ConfirmChannel } from 'amqplib/callback_api'
import { writeFrames } from './channel-frames'
import type { Outgoing } from './in-flight'
import { publishFrames } from './publish-frames'

type Confirmed = (error: Error | null) => void

/** Where amqplib keeps who waits for a confirm; not public. */
interface Inner {
  pushConfirmCallback: (confirmed: Confirmed) => void
}

/**
 * Publishes on a confirm channel, mandatory and as the user that we have logged in as: the broker checks that, so a
 * consumer may believe it. Returns whether more may be written at once. Throws as amqplib does: an
 * IllegalOperationError when the channel is closed, another error for what cannot be put into frames.
 */
export function writeMessage(
  raw: ConfirmChannel,
  outgoing: Outgoing,
  userId: string | undefined,
  confirmed: Confirmed,
): boolean {
  const writable = writeFrames(raw, (channel) => publishFrames(outgoing, userId, channel))
  if (writable === undefined) return writeByAmqplib(raw, outgoing, userId, confirmed)
  const inner = raw as unknown as Inner
  inner.pushConfirmCallback(confirmed)
  return writable
}

function writeByAmqplib(
  raw: ConfirmChannel,
  { exchange, routingKey, body, properties }: Outgoing,
  userId: string | undefined,
  confirmed: Confirmed,
): boolean {
  const all = { ...properties, mandatory: true, ...(userId !== undefined && { userId }) }
  return raw.publish(exchange, routingKey, body, all, confirmed)
}
