import type { ConfirmChannel } from 'amqplib/callback_api'
import { isOpen, numberOf, writeFrames } from './channel-frames'
import { FrameBuffer } from './frame-buffer'
import type { Outgoing } from './in-flight'
import { addPublish, maxPublishBytes } from './publish-frames'

export type Confirmed = (error: Error | null) => void

/** Where amqplib keeps who waits for a confirm; not public. */
interface Inner {
  readonly unconfirmed: readonly unknown[]
  pushConfirmCallback: (confirmed: Confirmed) => void
}

/**
 * What is published on one confirm channel: mandatory, and as the user that we have logged in as. The broker checks that,
 * so a consumer may believe it. Messages that are added one behind the other are written together
 * (docs/decisions/008-own-frames.md).
 */
export class Publishes {
  readonly #raw: ConfirmChannel
  readonly #userId: string | undefined
  readonly #frames = new FrameBuffer()

  constructor(raw: ConfirmChannel, userId: string | undefined) {
    this.#raw = raw
    this.#userId = userId
  }

  /**
   * Adds a message, to be written by {@link flush} at the latest. Returns whether more may be added at once. Throws as
   * amqplib does, and adds nothing: an IllegalOperationError when the channel is closed, another error for what cannot
   * be put into frames.
   */
  add(outgoing: Outgoing, confirmed: Confirmed): boolean {
    const writable = this.#frames.hasRoom(maxPublishBytes) || this.flush()
    const [raw, userId] = [this.#raw, this.#userId]
    if (!isOpen(raw) || !addPublish(this.#frames, outgoing, { userId, channel: numberOf(raw) }))
      return this.#addByAmqplib(outgoing, confirmed)
    ;(raw as unknown as Inner).pushConfirmCallback(confirmed)
    return writable
  }

  /** How many messages amqplib keeps in mind: the first that has no confirm, and all behind it, whatever became of them. */
  get kept(): number {
    return (this.#raw as unknown as Inner).unconfirmed.length
  }

  /** Writes what was added. Returns whether more may be written at once. */
  flush(): boolean {
    const frames = this.#frames.take(maxPublishBytes)
    return frames === undefined || writeFrames(this.#raw, frames)
  }

  #addByAmqplib({ exchange, routingKey, body, properties }: Outgoing, confirmed: Confirmed): boolean {
    this.flush()
    const userId = this.#userId
    const all = { ...properties, mandatory: true, ...(userId !== undefined && { userId }) }
    return this.#raw.publish(exchange, routingKey, body, all, confirmed)
  }
}
