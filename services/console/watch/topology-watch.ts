import type { BrokerObjects } from '../../../shared/messaging/broker-objects'
import { topologyDifference } from '../../../shared/operations/topology-difference'
import type { Clock } from '../../../shared/runtime/clock'
import { countedRates, withLook, type CountedLook } from '../topology/counted-rates'
import type { Seen } from '../topology/seen-topology'

type Looker = Pick<BrokerObjects, 'place' | 'declared' | 'look' | 'close'>

export interface TopologyWatchParts {
  readonly open: () => Promise<Looker>
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly clock: Pick<Clock, 'after'>
}

/** Several who look see the same for so long. By AMQP each object is a question, and each missing one ends a channel. */
const freshForMs = { management: 4_000, amqp: 20_000 }
const idleMs = 60_000

/** Looks at the broker's objects when somebody asks, once for all who do; lets the broker go when nobody has asked for a minute. */
export class TopologyWatch {
  readonly #parts: TopologyWatchParts
  #opened: Promise<Looker> | undefined
  #looking: Promise<Seen> | undefined
  #seen: Seen | undefined
  #counted: readonly CountedLook[] = []
  #stopIdling = () => {}
  #closed = false

  constructor(parts: TopologyWatchParts) {
    this.#parts = parts
  }

  /** Rejects when the broker cannot be reached. */
  seen(): Promise<Seen> {
    const { clock, now } = this.#parts
    this.#stopIdling()
    if (!this.#closed) this.#stopIdling = clock.after(idleMs, () => void this.#letGo())
    if (this.#seen !== undefined && now() - this.#seen.at < freshFor(this.#seen)) return Promise.resolve(this.#seen)
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined))
    return this.#looking
  }

  /** May be called twice. */
  async close(): Promise<void> {
    this.#closed = true
    this.#stopIdling()
    await this.#looking?.catch(() => {})
    await this.#letGo()
  }

  async #look(): Promise<Seen> {
    const isKept = this.#opened !== undefined
    try {
      return await this.#lookOnce()
    } catch (error) {
      await this.#letGo()
      // The broker may have gone and come back since the connection was opened.
      if (!isKept || this.#closed) throw error
      return await this.#lookOnce().catch(async (again: unknown) => {
        await this.#letGo()
        throw again
      })
    }
  }

  async #lookOnce(): Promise<Seen> {
    this.#opened ??= this.#parts.open()
    const objects = await this.#opened
    const { place, declared } = objects
    const found = await objects.look()
    const difference = topologyDifference(declared, found)
    const at = this.#parts.now()
    this.#counted = found.unseen === undefined ? withLook(this.#counted, { at, objects: found.objects }) : []
    this.#seen = { at, place, declared, found, difference, rates: countedRates(this.#counted) }
    return this.#seen
  }

  async #letGo(): Promise<void> {
    const opened = this.#opened
    this.#opened = undefined
    this.#seen = undefined
    this.#counted = []
    await (await opened?.catch(() => undefined))?.close()
  }
}

function freshFor({ difference }: Seen): number {
  return difference.unseen === undefined ? freshForMs.management : freshForMs.amqp
}
