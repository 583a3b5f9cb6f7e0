import type { Clock } from '../runtime/clock'
import type { Outbox } from '../store/outbox'
import type { Drain } from './drain'
import type { ClaimedRow, OutboxMessages } from './outbox-messages'

export interface RelayParts {
  /** Not that of any other relay, also not of one that ran before. */
  readonly name: string
  readonly outbox: Pick<Outbox, 'claim' | 'renew' | 'release' | 'listen' | 'lookEveryMs'>
  readonly messages: OutboxMessages
  readonly drain: Pick<Drain<ClaimedRow>, 'add' | 'stop'>
  readonly canPublish: () => boolean
  readonly clock: Clock
  /** The outbox cannot be read now, and then can be again; each told once. */
  readonly failed: (error: Error) => void
  readonly recovered: () => void
}

/** How many rows a relay has at most; the rest is left to others. */
const mostHeld = 500
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

  /** Rows were probably added. */
  look(): void {
    this.#added = true
    this.#wake?.()
  }

  /** Claims nothing more, waits for what is being sent, and gives the rest up. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#wake?.()
    this.#cancelRenewal?.()
    await this.#unlisten?.()
    await this.#running
    const { drain, messages, outbox, name } = this.#parts
    await drain.stop()
    await messages.settled()
    await outbox.release(name).catch(() => {})
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
      while (claimed > 0 && messages.count < mostHeld && !this.#stopped) {
        const rows = await outbox.claim(name, mostHeld - messages.count)
        claimed = rows.length
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

  #note(failure: Error | undefined): void {
    if (failure !== undefined && !this.#failing) this.#parts.failed(failure)
    if (failure === undefined && this.#failing) this.#parts.recovered()
    this.#failing = failure !== undefined
  }

  async #news(withinMs: number): Promise<void> {
    if (this.#added && this.#parts.canPublish() && this.#parts.messages.count < mostHeld) return
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
      const { outbox, messages, name } = this.#parts
      // A claim that could not be kept may go to another relay: published twice, under one id.
      void outbox.renew(name, messages.held).catch(() => {})
      if (!this.#stopped) this.#renewLater()
    })
  }
}
