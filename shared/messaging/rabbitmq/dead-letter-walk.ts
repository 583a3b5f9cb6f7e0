import { setTimeout as wait } from 'node:timers/promises'
import type { GetMessage, Replies } from 'amqplib'
import type { DeadLetters, Decision, Walk } from '../dead-letters'
import type { GroupTopology } from '../transport'
import type { DeadLetterPuts } from './dead-letter-puts'
import type { Link, OpenChannel } from './link'
import { readDeadLetter } from './read-dead-letter'

export interface WalkParts {
  readonly looking: Link
  readonly puts: DeadLetterPuts
  readonly queue: string
  readonly group: GroupTopology
  readonly decide: Parameters<DeadLetters['walk']>[1]
}

/** As {@link DeadLetters.walk} has it, on a channel of its own; rejects with what the broker or a copy failed with. */
export async function walkThrough(parts: WalkParts): Promise<Walk> {
  return new DeadLetterWalk(parts, await parts.looking.openChannel()).run()
}

class DeadLetterWalk {
  readonly #parts: WalkParts
  readonly #channel: OpenChannel
  /** In the order in which they were met. */
  readonly #held: GetMessage[] = []
  #ready = 0
  #met = 0
  #isAnyTaken = false

  constructor(parts: WalkParts, channel: OpenChannel) {
    this.#parts = parts
    this.#channel = channel
  }

  async run(): Promise<Walk> {
    try {
      await this.#meetAll()
      if (this.#isAnyTaken) await this.#untilTaken()
    } finally {
      await this.#end()
    }
    return { ready: this.#ready, met: this.#met }
  }

  async #meetAll(): Promise<void> {
    let message = await this.#next()
    // A get waits for the queue and tells how many are left; asked without one, a busy queue passes for empty.
    this.#ready = message === undefined ? 0 : message.fields.messageCount + 1
    while (message !== undefined) {
      const decision = await this.#meet(message)
      // Bound by the count, so that what dies again meanwhile, at the end of the queue, is not met.
      if (decision === 'enough' || this.#met >= this.#ready) return
      message = await this.#next()
    }
  }

  async #meet(message: GetMessage): Promise<Decision> {
    const { decide, group } = this.#parts
    this.#met++
    // Until it is certain that it goes: what throws here leaves it in its place.
    this.#held.push(withoutBody(message))
    const decision = await decide(readDeadLetter(message, group))
    if (!(await this.#takesAway(decision, message))) return decision
    this.#held.pop()
    this.#channel.acks.add(message.fields.deliveryTag)
    this.#isAnyTaken = true
    return decision
  }

  /** Carries out what was decided, and tells whether the letter is to be removed now. */
  async #takesAway(decision: Decision, message: GetMessage): Promise<boolean> {
    const { puts, group } = this.#parts
    if (decision === 'keep' || decision === 'enough') return false
    if (decision === 'replay') await puts.replay(message, group)
    else if (decision === 'discard') await puts.discard(message, group)
    else await puts.replace(message, group, decision)
    return true
  }

  /** By an answer on the same channel: a goodbye is sent to a dead network, too, and the last acks would pass for done. */
  async #untilTaken(): Promise<void> {
    this.#channel.acks.flush()
    await this.#look()
  }

  /** However it came about, nothing is left in other places than before. */
  async #end(): Promise<void> {
    try {
      if (!this.#channel.isClosed()) await this.#holdReturned()
      await this.#giveBack()
    } finally {
      await this.#channel.close()
    }
  }

  /**
   * What was given back once is handed out before all the rest, and what is given back now goes behind it: ended among
   * those, a walk would put the letters that it met behind others that have died later.
   */
  async #holdReturned(): Promise<void> {
    if (this.#held.length === 0) return
    for (let left = this.#ready - this.#met, last = this.#held.at(-1); left > 0 && last?.fields.redelivered; left--) {
      last = await this.#next()
      if (last !== undefined) this.#held.push(withoutBody(last))
    }
  }

  /**
   * By hand and in order: the channel's end alone would give them back in any. So would a channel whose quorum queue is
   * behind: it joins what comes meanwhile, and what was joined comes back in another order. Until they are there: the
   * channel's goodbye is answered before, and whoever looked then would not see them.
   */
  async #giveBack(): Promise<void> {
    for (let from = 0; from < this.#held.length && !this.#channel.isClosed(); from += sentApart) {
      const some = this.#held.slice(from, from + sentApart)
      const before = await this.#readyNow()
      for (const message of some) this.#channel.raw.reject(message, true)
      await this.#untilReady(before + some.length)
    }
  }

  /** For a moment only: others may have taken some of them. */
  async #untilReady(count: number): Promise<void> {
    const giveUpAt = performance.now() + backWithinMs
    while ((await this.#readyNow()) < count && performance.now() < giveUpAt) await wait(1)
  }

  /** Never rejects: a channel that has failed gives everything back itself. */
  async #readyNow(): Promise<number> {
    const answer = await this.#look().catch(() => undefined)
    return answer?.messageCount ?? Infinity
  }

  #look(): Promise<Replies.AssertQueue> {
    const { looking, queue } = this.#parts
    return looking.ask(`look for ${queue}`, (done) => this.#channel.raw.checkQueue(queue, done))
  }

  async #next(): Promise<GetMessage | undefined> {
    const { looking, queue } = this.#parts
    const message = await looking.ask<GetMessage | false>(`get from ${queue}`, (done) =>
      this.#channel.raw.get(queue, { noAck: false }, done),
    )
    return message === false ? undefined : message
  }
}

/** Half of what a quorum queue's client sends ahead before it joins commands. */
const sentApart = 16
const backWithinMs = 1_000

/** Ten thousand held letters fit into memory, their bodies may not. */
function withoutBody(message: GetMessage): GetMessage {
  return { fields: message.fields, properties: { headers: undefined }, content: Buffer.alloc(0) } as never
}
