import { pause } from '../../runtime/backoff'
import { ask } from './ask'
import type { Link, OpenChannel } from './link'
import type { Part } from './session'
import type { BindingPlan } from './topology'

const everyMs = 5_000
const deadlineMs = 10_000

/**
 * Notices that the node behind a connection has lost the majority of its cluster, and gives the connection up for one to
 * another node. Since RabbitMQ 4.3 nothing tells a client: the socket is open, heartbeats come, and a consumer there
 * waits for deliveries that nobody makes. So the node is asked, every few seconds, for what only a majority can answer:
 * to bind what is bound.
 */
export class MajorityWatch implements Part {
  readonly name = 'majority watch'
  readonly #binding: BindingPlan

  /** The binding stands already; made again, it changes nothing. */
  constructor(binding: BindingPlan) {
    this.#binding = binding
  }

  async open(link: Link): Promise<{ closed: Promise<string> }> {
    const channel = await link.openChannel()
    void this.#watch(link, channel)
    return { closed: channel.closed }
  }

  async #watch(link: Link, channel: OpenChannel): Promise<void> {
    const ended = new AbortController()
    void channel.closed.then(() => ended.abort())
    while (!ended.signal.aborted) {
      await pause(everyMs, ended.signal)
      // A broker in alarm reads nothing from a connection that publishes, this question neither.
      if (link.blocked === undefined && !ended.signal.aborted) await this.#ask(link, channel)
    }
  }

  async #ask(link: Link, { raw }: OpenChannel): Promise<void> {
    const { queue, exchange, routingKey } = this.#binding
    try {
      await ask('bind what is bound', deadlineMs, (done) => raw.bindQueue(queue, exchange, routingKey, {}, done))
    } catch (error) {
      // A refusal closes the channel, whose end is told.
      if ((error as { code?: unknown }).code !== 'NO_ANSWER' || link.blocked !== undefined) return
      link.fail(`no answer within ${deadlineMs} ms to what a majority of the cluster has to answer`)
    }
  }
}
