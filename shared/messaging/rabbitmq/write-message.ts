import type { ConfirmChannel } from 'amqplib/callback_api'
import type { Outgoing } from './in-flight'
import { publishFrames } from './publish-frames'

type Confirmed = (error: Error | null) => void

/** What amqplib writes a channel's frames to; not public. */
interface Inner {
  readonly ch: number
  readonly connection: {
    readonly channels: Readonly<Record<number, { readonly buffer: { write: (frames: Buffer) => boolean } }>>
    /** Unset, a heartbeat is sent although the connection was not idle. */
    sentSinceLastCheck: boolean
  }
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
  const inner = raw as unknown as Inner
  const buffer = inner.connection.channels[inner.ch]?.buffer
  const frames = isOpen(raw) ? publishFrames(outgoing, userId, inner.ch) : undefined
  if (frames === undefined || buffer === undefined) return writeByAmqplib(raw, outgoing, userId, confirmed)
  inner.connection.sentSinceLastCheck = true
  const writable = buffer.write(frames)
  inner.pushConfirmCallback(confirmed)
  return writable
}

// A channel or connection that closes is given a sendMessage of its own, which throws.
function isOpen(raw: ConfirmChannel): boolean {
  return !Object.hasOwn(raw, 'sendMessage') && !Object.hasOwn(raw.connection, 'sendMessage')
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
