import { fullJitterMs, pause, type BackoffLimits, type Random } from '../../runtime/backoff'
import type { LinkStatus, TransportEvents } from '../transport'
import type { Address, TlsFiles } from './address'
import { describeFailure } from './describe-failure'
import { Link } from './link'
import { prioritiesOf } from './priorities'
import { shuffled } from './shuffled'

/** A part that lives on a connection: a publisher, a subscriber. */
export interface Part {
  readonly name: string
  /** Makes itself at home on this connection; resolves, once it works, with the promise of its end. */
  open(link: Link): Promise<{ readonly closed: Promise<string> }>
}

export interface SessionOptions {
  readonly name: string
  readonly addresses: readonly Address[]
  readonly tls: TlsFiles
  /** Runs on each new connection before any part may use it. */
  readonly prepare: (link: Link) => Promise<void>
  readonly events: Pick<TransportEvents, 'linkChanged' | 'reconnected' | 'fault'>
  readonly random: Random
}

const fastMs = { firstMs: 50, maxMs: 500 }
const slowMs = { firstMs: 50, maxMs: 5_000 }
const fastForMs = 60_000
/** Of a part whose question costs all others their connection, from the second in a row. */
const unansweredMs = { firstMs: 500, maxMs: 60_000 }

/**
 * Keeps one connection to the broker, and the parts on it, alive until closed: down → connecting → opening → ready →
 * draining. A lost connection is replaced, host by host in turn, in an order of chance, so that services spread over a
 * cluster: nearly at once when it held longer than the longest wait before an attempt, after ever longer waits when it
 * did not; a part whose channel died comes back on the connection that still lives. amqplib's own recovery is not used:
 * it can hang for ever when a connection is lost while it is being set up, and it brings back neither channels nor
 * consumers.
 */
export class Session {
  #state: LinkStatus['state'] = 'down'
  #detail = 'not started'
  #link: Link | undefined
  #opening: Link | undefined
  #generation = 0
  /** On which a part has opened: one whose question has no answer there asks for what is broken. */
  #sound: Link | undefined
  #waitingForLink: (() => void)[] = []
  readonly #stop = new AbortController()
  readonly #loops: Promise<void>[] = []
  readonly #options: SessionOptions
  readonly #addresses: readonly Address[]

  constructor(options: SessionOptions) {
    this.#options = options
    this.#addresses = shuffled(options.addresses, options.random)
  }

  /**
   * Begins to connect. Resolves when the connection is ready, or when each host has been tried once in vain; rejects
   * when the broker is there but `prepare` refused for good.
   */
  start(): Promise<void> {
    return new Promise((resolve, reject) => this.#loops.push(this.#stayConnected(resolve, reject)))
  }

  /** Brings the part up now and after each loss. Resolves when it works or its first attempt has failed. */
  keep(part: Part): Promise<void> {
    return new Promise((resolve) => this.#loops.push(this.#stayOpen(part, resolve)))
  }

  get link(): Link | undefined {
    return this.#link
  }

  status(): LinkStatus {
    const status = { name: this.#options.name, state: this.#state, detail: this.#detail }
    return this.#link === undefined ? status : { ...status, priorities: prioritiesOf(this.#link.broker) }
  }

  /** Lets the broker go. Parts must have finished: their channels end with the connection. */
  async close(): Promise<void> {
    this.#move('draining', 'closing')
    this.#stop.abort()
    this.#wakeParts()
    this.#opening?.fail('closing')
    await this.#link?.close()
    await Promise.all(this.#loops)
    this.#state = 'down'
    this.#detail = 'closed'
  }

  async #stayConnected(ready: () => void, refused: (error: Error) => void): Promise<void> {
    const addresses = this.#addresses
    let failures = 0
    let downSince = performance.now()
    // A host that was lost is not asked again before the others: it may open each time and never work.
    for (let host = 0; !this.#stop.signal.aborted; host++) {
      const address = addresses[host % addresses.length] as Address
      try {
        const link = await this.#connect(address, failures)
        const openedAt = performance.now()
        ready()
        this.#down(await link.lost)
        const heldMs = performance.now() - openedAt
        failures = heldMs > limitsSince(downSince).maxMs ? 0 : failures + 1
        if (heldMs > slowMs.maxMs) downSince = performance.now()
      } catch (error) {
        failures++
        this.#down(`${address.label}: ${describeFailure(error)}`)
        if ((error as { code?: unknown }).code === 'TOPOLOGY_MISMATCH') refused(error as Error)
        if (host + 1 >= addresses.length) ready()
      }
      await this.#backOff(failures, downSince)
    }
    ready()
  }

  async #connect(address: Address, failures: number): Promise<Link> {
    const { name, tls, prepare, events } = this.#options
    this.#move('connecting', `connecting to ${address.label}`)
    const blockedChanged = () => events.linkChanged(this.status())
    const link = await Link.open(address, name, tls, { blockedChanged, stop: this.#stop.signal })
    this.#opening = link
    try {
      this.#move('opening', `opening at ${address.label}`)
      if (this.#hasOthersToAsk(failures)) await link.hurried(() => prepare(link))
      else await prepare(link)
    } catch (error) {
      await link.close()
      throw error
    } finally {
      this.#opening = undefined
    }
    if (this.#stop.signal.aborted) {
      await link.close()
      throw new Error('closing')
    }
    this.#link = link
    this.#move('ready', `${link.broker} at ${address.label}`)
    if (this.#generation++ > 0) events.reconnected(name)
    this.#wakeParts()
    return link
  }

  /**
   * For a while after a node of a cluster has died, one of those that are left may leave a declaration without an answer,
   * when the next one answers at once. At the first start, which makes the queues, an answer may rightly take long.
   */
  #hasOthersToAsk(failures: number): boolean {
    return this.#generation > 0 && failures + 1 < this.#addresses.length
  }

  async #stayOpen(part: Part, settled: () => void): Promise<void> {
    let failures = 0
    let unanswered = 0
    let opened = 0
    while (!this.#stop.signal.aborted) {
      const link = this.#link
      if (link === undefined) {
        settled()
        await new Promise<void>((resolve) => this.#waitingForLink.push(resolve))
        continue
      }
      try {
        const { closed } = await part.open(link)
        failures = unanswered = 0
        this.#sound = link
        if (opened++ > 0) this.#options.events.reconnected(part.name)
        settled()
        const reason = await closed
        if (link.lostReason === undefined) this.#options.events.fault(`${part.name} lost its channel`, reason)
      } catch (error) {
        failures++
        if (link.lostReason === undefined)
          this.#options.events.fault(`${part.name} could not open`, describeFailure(error))
        settled()
        if (this.#costAllOthers(link, error) && ++unanswered > 1) await this.#standBack(unanswered)
      }
      if (link.lostReason === undefined)
        await pause(fullJitterMs(failures, slowMs, this.#options.random), this.#stop.signal)
      else if (this.#link === link) this.#link = undefined
    }
    settled()
  }

  /** An unanswered question loses the connection; what another part's question or the network has lost is nobody's fault here. */
  #costAllOthers(link: Link, error: unknown): boolean {
    return this.#sound === link && (error as { code?: unknown }).code === 'NO_ANSWER'
  }

  /** Half of it for certain, so that the others have their quiet. */
  #standBack(unanswered: number): Promise<void> {
    const { firstMs, maxMs } = unansweredMs
    const halfMs = Math.min(maxMs, firstMs * 2 ** Math.min(unanswered, 30)) / 2
    return pause(halfMs + this.#options.random() * halfMs, this.#stop.signal)
  }

  #down(reason: string): void {
    this.#link = undefined
    if (!this.#stop.signal.aborted) this.#move('down', reason)
  }

  #backOff(failures: number, downSince: number): Promise<void> {
    return pause(fullJitterMs(failures, limitsSince(downSince), this.#options.random), this.#stop.signal)
  }

  #wakeParts(): void {
    for (const wake of this.#waitingForLink.splice(0)) wake()
  }

  #move(state: LinkStatus['state'], detail: string): void {
    const changed = state !== this.#state || detail !== this.#detail
    this.#state = state
    this.#detail = detail
    if (changed) this.#options.events.linkChanged(this.status())
  }
}

function limitsSince(downSince: number): BackoffLimits {
  return performance.now() - downSince < fastForMs ? fastMs : slowMs
}
