import type { PublishResult, TransportEvents } from '../transport'
import { alsoTo } from './also-to'
import { Declarer } from './declarer'
import { levelRoute, longestSeconds } from './delay-levels'
import { planDelay } from './delay-plan'
import type { RoutingKeys } from './routing-keys'
import type { Outgoing } from './in-flight'
import type { Link } from './link'
import { namesOf, type Names } from './names'

const mostMs = 8_000

/** What is to wait. */
export interface Waiting extends Pick<Outgoing, 'body' | 'properties'> {
  readonly keys: RoutingKeys
}

/** The delay levels: made with the first message that waits, and looked after from then on. */
export class Delays {
  readonly #names: Names
  readonly #declarer: Declarer
  readonly #events: Pick<TransportEvents, 'recreated' | 'fault'>
  #madeOn: Link | undefined
  #isFaultTold = false
  #making: { readonly link: Link; readonly done: Promise<void> } | undefined

  constructor(namespace: string, events: Pick<TransportEvents, 'recreated' | 'fault'>) {
    this.#names = namesOf(namespace)
    this.#declarer = new Declarer(planDelay(namespace), events)
    this.#events = events
  }

  get recreated(): readonly string[] {
    return this.#declarer.recreated
  }

  /**
   * Why no message can wait now; undefined when one can. Makes the levels where they have not been made on this
   * connection, until `answerBy` on the clock of `performance.now`, 8 seconds at most.
   */
  async refusal(link: Link | undefined, answerBy = Infinity): Promise<string | undefined> {
    // The publisher has the words for a broker that is away, or takes nothing: asked there, it would not answer in time.
    if (link === undefined || link.blocked !== undefined || this.#madeOn === link) return undefined
    const leftMs = Math.max(0, Math.min(mostMs, answerBy - performance.now()))
    try {
      await within(leftMs, this.#ready(link))
      return undefined
    } catch (error) {
      return `the delay levels cannot be declared: ${(error as Error).message}`
    }
  }

  /** Sends a message by the level at which its wait begins; its routing keys are those that it is due with. */
  async publish(
    { keys: { first, others }, body, properties }: Waiting,
    delayMs: number,
    send: (outgoing: Outgoing) => Promise<PublishResult>,
  ): Promise<PublishResult> {
    const route = levelRoute(first, delayMs)
    if (route === undefined) return waitsTooLong
    const exchange = this.#names.delayLevel(route.level)
    const more = others.flatMap((key) => levelRoute(key, delayMs)?.routingKey ?? [])
    const outgoing = { exchange, routingKey: route.routingKey, body, properties: alsoTo(more, properties, 'CC') }
    const result = await send({ ...outgoing, nackMeans: 'not_accepted' })
    if (result.outcome !== 'unroutable') return result
    this.#events.fault('a delay level is not bound', exchange)
    return unboundLevel
  }

  /** Never rejects: what waits is no reason to hold up what does not. What was never used is not made. */
  async repair(link: Link): Promise<void> {
    if (this.#madeOn === undefined) return
    await this.#make(link).catch(() => {})
  }

  async #ready(link: Link): Promise<void> {
    if (this.#making?.link !== link) this.#making = { link, done: this.#make(link) }
    await this.#making.done
  }

  async #make(link: Link): Promise<void> {
    try {
      await this.#declarer.ensure(link)
      this.#madeOn = link
      this.#isFaultTold = false
    } catch (error) {
      // A connection that is lost meanwhile is told by itself.
      if (link.lostReason === undefined) this.#tell(error as Error)
      throw error
    } finally {
      if (this.#making?.link === link) this.#making = undefined
    }
  }

  /** Once until they can be: each message that has to wait would say it again. */
  #tell({ message }: Error): void {
    if (this.#isFaultTold) return
    this.#isFaultTold = true
    this.#events.fault('the delay levels cannot be declared, and messages that have to wait are not taken', message)
  }
}

/** As the caller may be told: each level has a queue, so that somebody has unbound it. */
export const unboundLevel: PublishResult = {
  outcome: 'not_accepted',
  detail: 'the queue of its delay level was not bound to its exchange',
}

const waitsTooLong: PublishResult = {
  outcome: 'not_accepted',
  detail: `it is due later than in ${longestSeconds} s, which is as long as the delay levels hold a message`,
  unsendable: true,
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${Math.round(ms)} ms`)), ms)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    // Whoever comes next hears how it ended.
    work.catch(() => {})
  }
}
