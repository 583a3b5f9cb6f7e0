import type { Clock } from '../runtime/clock'
import { failpoint } from '../runtime/failpoints'
import type { Outbox } from '../store/outbox'
import type { Drain } from './drain'
import type { ClaimedRow, OutboxMessages } from './outbox-messages'

export interface RelayParts {
  /** Not that of any other relay, also not of one that ran before. */
  readonly name: string
  /** What is published; a row of another type is left to whoever knows it. */
  readonly types: readonly string[]
  readonly outbox: Pick<Outbox, 'claim' | 'release' | 'listen' | 'lookEveryMs'>
  readonly messages: OutboxMessages
  readonly drain: Pick<Drain<ClaimedRow>, 'add' | 'stop' | 'refusedTypes' | 'notTaken'>
  readonly canPublish: () => boolean
  readonly clock: Clock
  /** The outbox cannot be read now, and then can be again; each told once. */
  readonly failed: (error: Error) => void
  readonly recovered: () => void
}

/** How many rows a relay has at most, but for those whose queues refuse them; the rest is left to others. */
const mostHeld = 500
/** How many more, of which the broker has not taken one: messages that have to wait, say, where nothing can wait. */
const mostNotTaken = 2_000
const mostAtOnce = 100
/** For what is left to do in the database at a stop, which may not answer. */
const farewellMs = 3_000
const renewEveryMs = 10_000
const lookForBrokerMs = 100

/**
 * Publishes what stands in the outbox, with confirms. Any number of relays share one table. A relay that dies leaves its
 * claims behind, which end after half a minute; what it had published and not deleted is published again under its id.
 */
export class Relay {
  readonly #parts: RelayParts
  #wake: (() => void) | undefined
  #added = false
  #running: Promise<void> = Promise.resolve()
  #unlisten: (() => Promise<void>) | undefined
  #cancelRenewal: (() => void) | undefined
  #failing = false
  #stopped = false

  constructor(parts: RelayParts) {
    this.#parts = parts
  }

  async start(): Promise<void> {
    this.#unlisten = await this.#parts.outbox.listen(() => this.look())
    this.#renewLater()
    this.#running = this.#run()
  }

  /** Rows were probably added, or there is room for more. */
  look(): void {
    this.#added = true
    this.#wake?.()
  }

  /** Claims nothing more, waits for what is being sent, and gives the rest up. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#wake?.()
    this.#cancelRenewal?.()
    const { drain } = this.#parts
    await Promise.all([drain.stop(), this.#within(farewellMs, this.#running)])
    await this.#within(farewellMs, this.#farewell())
  }

  async #farewell(): Promise<void> {
    const { messages, outbox, name } = this.#parts
    await this.#unlisten?.()
    await messages.settled()
    await outbox.release(name).catch(() => {})
  }

  #within(ms: number, work: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#parts.clock.after(ms, resolve)
      const done = () => {
        cancel()
        resolve()
      }
      work.then(done, done)
    })
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const canPublish = this.#parts.canPublish()
      if (canPublish) await this.#claimAll()
      await this.#news(canPublish ? this.#parts.outbox.lookEveryMs : lookForBrokerMs)
    }
  }

  async #claimAll(): Promise<void> {
    const { messages, drain, outbox, name } = this.#parts
    this.#added = false
    try {
      let claimed = 1
      while (claimed > 0 && this.#room > 0 && !this.#stopped) {
        const refused = drain.refusedTypes
        const types = this.#parts.types.filter((type) => !refused.includes(type))
        const rows = await outbox.claim(name, { types, most: Math.min(mostAtOnce, this.#room) })
        claimed = rows.length
        if (claimed > 0) failpoint('outbox.claimed')
        for (const row of rows) {
          const held = messages.hold(row)
          if (held !== undefined) drain.add(held)
        }
      }
      this.#note(undefined)
    } catch (error) {
      this.#note(error as Error)
    }
  }

  /** What a queue refuses, or the broker does not take, stays where it is for long, and must not keep the rest from being claimed. */
  get #room(): number {
    const { messages, drain } = this.#parts
    return mostHeld + Math.min(mostNotTaken, drain.notTaken) - messages.countWithout(drain.refusedTypes)
  }

  #note(failure: Error | undefined): void {
    if (failure !== undefined && !this.#failing) this.#parts.failed(failure)
    if (failure === undefined && this.#failing) this.#parts.recovered()
    this.#failing = failure !== undefined
  }

  async #news(withinMs: number): Promise<void> {
    if (this.#stopped || (this.#added && this.#parts.canPublish() && this.#room > 0)) return
    await new Promise<void>((resolve) => {
      const cancel = this.#parts.clock.after(withinMs, resolve)
      this.#wake = () => {
        cancel()
        resolve()
      }
    })
    this.#wake = undefined
  }

  #renewLater(): void {
    this.#cancelRenewal = this.#parts.clock.after(renewEveryMs, () => {
      // Without its broker it lets the claims end: another relay may have one. Those that it cannot keep, as well.
      if (this.#parts.canPublish()) void this.#parts.messages.renew().catch(() => {})
      if (!this.#stopped) this.#renewLater()
    })
  }
}
