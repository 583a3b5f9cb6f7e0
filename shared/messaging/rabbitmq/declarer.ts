import type { TransportEvents } from '../transport'
import { bind, bindExchange, exchangeDeclaration, isMissing, queueDeclaration, type Declaration } from './declarations'
import type { Link } from './link'
import { withLanes, type Lane } from './lanes'
import { asMismatch } from './mismatch'
import type { TopologyPlan } from './topology'

/**
 * Declares a plan on throw-away channels, as often as asked. What this process has declared before and finds gone is
 * made again loudly, since someone deleted it or the broker was reset, and messages may have gone with it.
 */
export class Declarer {
  readonly recreated: string[] = []
  readonly #known = new Set<string>()
  readonly #plan: TopologyPlan
  readonly #events: Pick<TransportEvents, 'recreated'>
  #isDeclared = false
  // One at a time: of two connections that both found an object gone, the second must find it again.
  #queue: Promise<unknown> = Promise.resolve()

  constructor(plan: TopologyPlan, events: Pick<TransportEvents, 'recreated'>) {
    this.#plan = plan
    this.#events = events
  }

  /** Rejects with {@link TopologyMismatch} when an object stands there with other properties. */
  ensure(link: Link): Promise<void> {
    const turn = this.#queue.then(() => this.#declare(link))
    this.#queue = turn.catch(() => {})
    return turn
  }

  /** Only until that has been done once: for who finds out by itself what is gone, and would rather not wait for a look. */
  async ensureOnce(link: Link): Promise<void> {
    if (!this.#isDeclared) await this.ensure(link)
  }

  async #declare(link: Link): Promise<void> {
    const { exchanges, queues, bindings, links = [] } = this.#plan
    try {
      await withLanes(link, async (overLanes) => {
        await overLanes(exchanges.map(exchangeDeclaration), (lane, exchange) => this.#make(link, lane, exchange))
        await overLanes(queues.map(queueDeclaration), (lane, queue) => this.#make(link, lane, queue))
        await overLanes(bindings, (lane, binding) => bind(link, lane, binding))
        await overLanes(links, (lane, between) => bindExchange(link, lane, between))
      })
      this.#isDeclared = true
    } catch (error) {
      throw asMismatch(error as Error) ?? error
    }
  }

  // The look comes right before the declaration: what is deleted between the two is made again without a word, and
  // nothing in AMQP tells a declaration that made something from one that found it.
  async #make(link: Link, lane: Lane, declaration: Declaration): Promise<void> {
    const { what, name, declare } = declaration
    const known = `${what} ${name}`
    if (this.#known.has(known) && (await isMissing(link, await lane(), declaration))) {
      this.#known.delete(known)
      this.#report(name)
    }
    const { raw } = await lane()
    await link.ask(`declare ${what} ${name}`, (done) => declare(raw, done))
    this.#known.add(known)
  }

  #report(name: string): void {
    if (!this.recreated.includes(name)) this.recreated.push(name)
    this.#events.recreated(name)
  }
}
