import type { Connection } from 'amqplib/callback_api'
import { headersOfFrame, type FrameReader } from './readable-headers'

/** A frame that amqplib has read; not public. */
interface ReadFrame {
  readonly fields?: { readonly headers?: object }
}

/**
 * The header tables of a connection's messages as they travelled. amqplib reads all numbers as doubles: that a 5 was a
 * 64-bit number, or a float, or what a number beyond 2^53 was, stands here alone.
 */
export class HeaderTables {
  /** By the object that amqplib made of them, and as long as it lives. */
  readonly #tables = new WeakMap<object, Buffer>()

  /** Keeps them of every message from now on; to be called behind whoever makes them readable. */
  listen(raw: Connection): void {
    const reader = raw.connection as unknown as FrameReader
    const receive = reader.recvFrame.bind(reader)
    reader.recvFrame = () => {
      // A frame that has not come whole is read in a further call of this function, in which it has.
      const table = headersOfFrame(reader.rest)
      const frame = receive()
      if (table !== undefined) this.#note(frame as ReadFrame, table)
      return frame
    }
  }

  /** Undefined for headers that were not read from this connection. */
  of(headers: object): Buffer | undefined {
    return this.#tables.get(headers)
  }

  /** A copy, taken after the table was made readable in place: the bytes around it are of many messages. */
  #note({ fields }: ReadFrame, table: Buffer): void {
    if (fields?.headers !== undefined) this.#tables.set(fields.headers, Buffer.from(table))
  }
}
