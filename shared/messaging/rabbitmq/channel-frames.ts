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
 * once; undefined, and nothing is written, when the channel is closed or the frames are not ours to make.
 */
export function writeFrames(raw: Channel, make: (channel: number) => Buffer | undefined): boolean | undefined {
  const { ch, connection } = raw as unknown as Inner
  const buffer = connection.channels[ch]?.buffer
  const frames = isOpen(raw) && buffer !== undefined ? make(ch) : undefined
  if (frames === undefined) return undefined
  connection.sentSinceLastCheck = true
  return buffer?.write(frames)
}

// A channel or connection that closes is given a sendMessage of its own, which throws.
function isOpen(raw: Channel): boolean {
  return !Object.hasOwn(raw, 'sendMessage') && !Object.hasOwn(raw.connection, 'sendMessage')
}
