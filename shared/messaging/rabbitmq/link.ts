import { connect, type Channel, type ConfirmChannel, type Connection } from 'amqplib/callback_api'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { Acks } from './acks'
import { socketOptions, type Address, type TlsFiles } from './address'
import { ask } from './ask'
import type { HeaderTables } from './header-tables'
import { joinWrites } from './joined-writes'
import { keepHeadersReadable } from './readable-headers'

// Longer than the silence after which a peer is given up: over TLS a broker 500 ms away needs six seconds.
const openDeadlineMs = 8_000
const answerDeadlineMs = 5_000
// A question takes one way there and back, opening a connection at least four.
const hurriedMs = { least: 500, timesTheOpening: 4 }
const closeDeadlineMs = 2_000
/** A name that only the broker may give, so that nobody has such a queue. */
const noSuchQueue = 'amq.handoff-no-such-queue'

/** A channel and the promise of its end: it resolves, once, with the reason. */
export interface OpenChannel<C extends Channel = Channel> {
  readonly raw: C
  readonly acks: Acks
  readonly closed: Promise<string>
  isClosed(): boolean
  /** Declares the channel dead: nothing is sent on it any more. May be called twice. */
  fail(reason: string): void
  /** Waits until the broker has taken everything sent before. Never rejects. */
  close(): Promise<void>
}

export interface LinkOptions {
  /** Called when the broker stops taking publishes on this connection, and when it takes them again. */
  readonly blockedChanged?: () => void
  /** Gives up an attempt to connect. */
  readonly stop?: AbortSignal
  /** Keeps the headers of what is delivered as they travelled. */
  readonly headerTables?: HeaderTables
}

/**
 * One AMQP connection from its first listener to its end. amqplib's callback interface is used because its callbacks
 * run in the tick in which the thing exists: a broker that closes right after opening would otherwise meet an
 * emitter without an `error` listener, which kills the process.
 */
export class Link {
  /** Resolves, once, with the reason why this connection is of no more use. */
  readonly lost: Promise<string>
  readonly broker: string
  readonly username: string
  readonly label: string
  #answerWithinMs = answerDeadlineMs
  #blocked: string | undefined
  #unblockedAt = -Infinity
  #lostReason: string | undefined
  readonly #whenLost = new Set<(reason: string) => void>()
  readonly #channels = new Set<OpenChannel>()
  readonly #raw: Connection
  readonly #openedInMs: number

  private constructor(raw: Connection, address: Address, openedInMs: number, linkOptions: LinkOptions) {
    const { blockedChanged = () => {}, headerTables } = linkOptions
    this.#raw = raw
    this.#openedInMs = openedInMs
    this.username = address.username
    this.label = address.label
    const { product, version } = raw.connection.serverProperties
    this.broker = `${product} ${version}`
    this.lost = new Promise((resolve) => this.onLost(resolve))
    keepHeadersReadable(raw)
    headerTables?.listen(raw)
    joinWrites(raw)
    this.#listen(blockedChanged)
  }

  /** Opens a connection within 8 seconds, or 5 of silence, or rejects with the reason; at once when it is to stop. */
  static async open(address: Address, name: string, tls: TlsFiles, linkOptions: LinkOptions = {}): Promise<Link> {
    const { stop } = linkOptions
    const begunAt = performance.now()
    const givenUp = new AbortController()
    const giveUp = () => givenUp.abort()
    if (stop?.aborted === true) giveUp()
    stop?.addEventListener('abort', giveUp)
    try {
      // amqplib may call back twice when its connect timeout fires while the socket fails: the first call counts.
      return await ask<Link>('open a connection', openDeadlineMs, (done) => {
        const options = { ...socketOptions(address, name, tls), signal: givenUp.signal }
        connect(address.connect, options, (error: Error | null, raw: Connection) => {
          if (error) done(error, undefined as never)
          else done(null, new Link(raw, address, performance.now() - begunAt, linkOptions))
        })
      })
    } catch (error) {
      // amqplib's own timeout is one of silence: a peer that trickles bytes would hold the socket for ever.
      giveUp()
      throw error
    } finally {
      // What is open by then is closed in order.
      stop?.removeEventListener('abort', giveUp)
    }
  }

  /** The broker's reason for refusing publishes, such as a memory alarm; undefined while it takes them. */
  get blocked(): string | undefined {
    return this.#blocked
  }

  /** Until when the broker kept silent rightly, on the clock of `performance.now`: now, while it is blocked. */
  get lastBlockedAt(): number {
    return this.#blocked === undefined ? this.#unblockedAt : performance.now()
  }

  get lostReason(): string | undefined {
    return this.#lostReason
  }

  /** The one way in which a connection ends, however it came about. May be called twice; the first reason stays. */
  fail(reason: string): void {
    if (this.#lostReason !== undefined) return
    this.#lostReason = reason
    for (const listener of this.#whenLost) listener(reason)
    this.#whenLost.clear()
    // amqplib only ends the socket, which leaves a half-open one behind; with an error it also stops its heartbeat.
    streamOf(this.#raw).destroy(new Error(reason))
  }

  /** As a network that breaks does it: a reset, where there is no TLS, and no goodbye. */
  drop(): void {
    const stream = streamOf(this.#raw)
    if (stream instanceof Socket && !(stream instanceof TLSSocket)) stream.resetAndDestroy()
    else stream.destroy()
    // Of a reset that comes from outside amqplib hears by this event, and by no other.
    stream.emit('error', new Error('the connection was dropped, as asked for'))
  }

  /** Has the broker close each open channel with a 404. Resolves with how many, once they are closed. */
  async closeChannels(): Promise<number> {
    const channels = [...this.#channels].filter((channel) => !channel.isClosed())
    for (const { raw } of channels) raw.checkQueue(noSuchQueue, () => {})
    await Promise.all(channels.map(({ closed }) => closed))
    return channels.length
  }

  /**
   * Calls the listener once with the reason, now if the connection is lost already; returns how to forget it. For what
   * lives shorter than the connection: a reaction on {@link lost} would be kept as long as the connection lives.
   */
  onLost(listener: (reason: string) => void): () => void {
    if (this.#lostReason !== undefined) listener(this.#lostReason)
    else this.#whenLost.add(listener)
    return () => void this.#whenLost.delete(listener)
  }

  async close(): Promise<void> {
    if (this.#lostReason !== undefined) return
    await this.ask(
      'close the connection',
      (done) => this.#raw.close((error) => done(error, undefined)),
      closeDeadlineMs,
    ).catch(() => {})
    this.fail('closed')
  }

  openChannel(): Promise<OpenChannel> {
    return this.#open('open a channel', (done) => this.#raw.createChannel(done))
  }

  openConfirmChannel(): Promise<OpenChannel<ConfirmChannel>> {
    return this.#open('open a confirm channel', (done) => this.#raw.createConfirmChannel(done))
  }

  /**
   * Meanwhile a question has half a second, or four times as long as the connection took to open, where that is longer
   * (and 5 s at most): for who would rather ask another host.
   */
  async hurried<T>(work: () => Promise<T>): Promise<T> {
    const scaledMs = Math.max(hurriedMs.least, hurriedMs.timesTheOpening * this.#openedInMs)
    this.#answerWithinMs = Math.min(answerDeadlineMs, Math.round(scaledMs))
    try {
      return await work()
    } finally {
      this.#answerWithinMs = answerDeadlineMs
    }
  }

  /** A question with a deadline; a broker that does not answer loses the connection, for it may be half-open. */
  async ask<T>(
    what: string,
    question: (done: (error: Error | null | undefined, answer: T) => void) => void,
    deadlineMs = this.#answerWithinMs,
  ): Promise<T> {
    let forget = () => {}
    const lost = new Promise<never>((_, reject) => {
      forget = this.onLost((reason) => reject(new Error(reason)))
    })
    const answer = ask(what, deadlineMs, question)
    try {
      return await Promise.race([answer, lost])
    } catch (error) {
      answer.catch(() => {})
      if ((error as { code?: unknown }).code === 'NO_ANSWER') this.fail((error as Error).message)
      throw error
    } finally {
      forget()
    }
  }

  async #open<C extends Channel>(
    what: string,
    create: (done: (error: Error | null, raw: C) => void) => C,
  ): Promise<OpenChannel<C>> {
    let channel: OpenChannel<C> | undefined
    await this.ask<C>(what, (done) => {
      channel = watch(create(done), this)
    })
    if (channel === undefined) throw new Error(`${what}: amqplib made none`)
    this.#remember(channel)
    return channel
  }

  #remember(channel: OpenChannel): void {
    this.#channels.add(channel)
    void channel.closed.then(() => this.#channels.delete(channel))
  }

  #listen(blockedChanged: () => void): void {
    this.#raw.on('error', (error: Error) => this.fail(error.message))
    // A graceful restart of the broker (320) emits only close, never error.
    this.#raw.on('close', (error?: Error) => this.fail(error?.message ?? 'closed'))
    this.#raw.on('handler-error', (error: Error) => this.fail(`fault in a listener: ${error.message}`))
    this.#raw.on('blocked', (reason: string) => {
      this.#blocked = reason
      blockedChanged()
    })
    this.#raw.on('unblocked', () => {
      this.#blocked = undefined
      this.#unblockedAt = performance.now()
      blockedChanged()
    })
  }
}

function watch<C extends Channel>(raw: C, link: Link): OpenChannel<C> {
  const acks = new Acks(raw)
  let ended: string | undefined
  let resolveClosed: (reason: string) => void = () => {}
  const closed = new Promise<string>((resolve) => (resolveClosed = resolve))
  let forget = () => {}
  const fail = (reason: string) => {
    ended ??= reason
    forget()
    resolveClosed(ended)
  }
  raw.on('error', (error: Error) => fail(error.message))
  raw.on('close', () => fail(link.lostReason ?? 'channel closed'))
  raw.on('handler-error', (error: Error) => {
    fail(`fault in a listener: ${error.message}`)
    // It lives on at the broker, where a consumer of it would be given messages that nobody handles.
    void goodbye(raw).catch(() => {})
  })
  forget = link.onLost(fail)
  // Not by the connection's own ask: a slow goodbye to a channel that nobody needs any more says nothing about the rest.
  const close = async () => {
    if (ended === undefined) {
      acks.flush()
      await Promise.race([goodbye(raw).catch(() => {}), closed])
    }
    fail('closed')
  }
  return { raw, acks, closed, isClosed: () => ended !== undefined, fail, close }
}

function goodbye(raw: Channel): Promise<void> {
  return ask('close the channel', closeDeadlineMs, (done) => raw.close((error) => done(error, undefined)))
}

function streamOf(raw: Connection): Duplex {
  return (raw.connection as unknown as { stream: Duplex }).stream
}
