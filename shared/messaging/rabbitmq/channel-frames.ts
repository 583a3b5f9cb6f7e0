import type { Channel } from 'amqplib/callback_api'

/** What amqplib writes a channel's frames to; not public. */
interface Inner {
  readonly ch: number
  readonly connection: {
    readonly channels: Readonly<Record<number, { readonly buffer: { write: (frames: Buffer) => boolean } }>>
    /** Unset, a heartbeat is sent although the connection was not idle. */
    sentSinceLastCheck: boolean
  }
}

/**
 * Writes frames of our own on a channel, after all that was written there before. Returns whether more may be written at
 * once. On a channel that is closed nothing is written, and nothing more can be.
 */
export function writeFrames(raw: Channel, frames: Buffer): boolean {
  const { ch, connection } = raw as unknown as Inner
  if (!isOpen(raw)) return false
  connection.sentSinceLastCheck = true
  return connection.channels[ch]?.buffer.write(frames) ?? false
}

/** The number that a channel's frames bear. */
export function numberOf(raw: Channel): number {
  return (raw as unknown as Inner).ch
}

/** Whether frames may be written: a channel or connection that closes is given a sendMessage of its own, which throws. */
export function isOpen(raw: Channel): boolean {
  return !Object.hasOwn(raw, 'sendMessage') && !Object.hasOwn(raw.connection, 'sendMessage')
}
