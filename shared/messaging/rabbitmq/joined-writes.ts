/**
 * amqplib writes to the socket what one turn of the event loop has gathered, but each message by itself: a system call,
 * and often a packet, for each. Joined, a turn costs one.
 */
import type { Connection } from 'amqplib/callback_api'
import type { Duplex } from 'node:stream'

/** What amqplib gathers the channels' frames with; not public. */
interface Muxer {
  readonly out: Duplex
  _readIncoming: () => void
}

/** Has each turn's frames of this connection written at once. */
export function joinWrites(raw: Connection): void {
  const { muxer } = raw.connection as unknown as { muxer: Muxer }
  const write = muxer._readIncoming.bind(muxer)
  // amqplib looks the method up each time, also when the socket has drained, so all that it gathers passes here.
  muxer._readIncoming = () => {
    muxer.out.cork()
    try {
      write()
    } finally {
      muxer.out.uncork()
    }
  }
}
