import type { Channel } from 'amqplib/callback_api'
import { failpointOnceSent } from '../../runtime/failpoints'
import { ackFrames } from './ack-frames'
import { numberOf, writeFrames } from './channel-frames'

/**
 * The acks of one channel. Those of one turn of the event loop are written together: a commit is many messages' end, and
 * amqplib takes the way through its streams once for each (docs/decisions/008-own-frames.md).
 */
export class Acks {
  readonly #raw: Channel
  #tags: number[] = []

  constructor(raw: Channel) {
    this.#raw = raw
  }

  /** Acks one delivery before anything else can arrive. On a channel that closes first, it is the broker's again. */
  add(deliveryTag: number): void {
    if (this.#tags.push(deliveryTag) === 1) process.nextTick(() => this.flush())
  }

  /** Needed before the channel is closed: what is written behind its goodbye is not heard. */
  flush(): void {
    const tags = this.#tags
    if (tags.length === 0) return
    this.#tags = []
    writeFrames(this.#raw, ackFrames(tags, numberOf(this.#raw)))
    failpointOnceSent('delivery.acked')
  }
}
