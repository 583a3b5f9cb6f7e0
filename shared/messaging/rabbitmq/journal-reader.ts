import type { ConsumeMessage, Replies } from 'amqplib'
import type { JournalEntry, JournalFollower, JournalMoment, JournalPlace } from '../journal-log'
import { pause } from '../../runtime/backoff'
import type { Link, OpenChannel } from './link'
import type { Part } from './session'

export interface JournalReaderParts {
  readonly stream: string
  readonly follower: JournalFollower
  /** Appends something, so that there is an entry to come; resolves with whether it is there. */
  readonly mark: () => Promise<boolean>
  /** Declares the topology; needed again when the stream is gone. */
  readonly declare: (link: Link) => Promise<void>
  /** How long a cancelled consumer stays away, so that the broker has done with what it was doing to the stream. */
  readonly afterCancelMs: number
  /** Called when the stream is not the one that the follower's place was in. */
  readonly begunAnew: () => void
  /** Called when the stream no longer has what comes behind the follower's place: at most so many entries. */
  readonly dropped: (most: number) => void
}

interface Received {
  readonly message: ConsumeMessage
  readonly entry: JournalEntry
}

/** Where a follower begins. */
type Beginning = JournalPlace | JournalMoment | undefined

const prefetch = 20
const notFound = 404
const silenceMs = 5_000
const markAgainMs = 1_000

/**
 * Reads a stream from the follower's place on. A stream that was deleted and made again counts its offsets from 0, and
 * whoever asks for a greater one is told nothing until that is reached: so the entry at the place must be the one that is
 * known, and something must come when something was appended. Else all of the stream is read.
 */
export class JournalReader implements Part {
  readonly name = 'journal reader'
  readonly #parts: JournalReaderParts
  #from: 'place' | 'first' = 'place'
  #pending: Received[] = []
  #taking: Promise<void> | undefined

  constructor(parts: JournalReaderParts) {
    this.#parts = parts
  }

  async open(link: Link): Promise<{ closed: Promise<string> }> {
    // What came on a channel that is gone is taken to its end first.
    this.#pending = []
    await this.#taking
    const from = this.#from === 'place' ? await this.#parts.follower.place() : undefined
    this.#from = 'place'
    return { closed: (await this.#attachOrRepair(link, from)).closed }
  }

  async #attachOrRepair(link: Link, from: Beginning): Promise<OpenChannel> {
    try {
      return await this.#attach(link, from)
    } catch (error) {
      if ((error as { code?: unknown }).code !== notFound) throw error
      await this.#parts.declare(link)
      return this.#attach(link, from)
    }
  }

  async #attach(link: Link, from: Beginning): Promise<OpenChannel> {
    const channel = await link.openChannel()
    try {
      await this.#consume(link, channel, from)
      return channel
    } catch (error) {
      await channel.close()
      throw error
    }
  }

  async #consume(link: Link, channel: OpenChannel, from: Beginning): Promise<void> {
    const { stream } = this.#parts
    const place = from !== undefined && 'offset' in from ? from : undefined
    await link.ask('set the prefetch', (done) => channel.raw.prefetch(prefetch, false, done))
    let heard = false
    const onMessage = (message: ConsumeMessage | null) => {
      if (message === null) return void this.#cancelled(channel)
      const entry = entryOf(message)
      if (!heard && place !== undefined && !follows(entry, place)) return this.#startAnew(channel)
      if (!heard && place !== undefined) this.#tellDropped(entry, place)
      heard = true
      if (place !== undefined && entry.offset <= place.offset) return channel.raw.ack(message)
      this.#pending.push({ message, entry })
      this.#taking ??= this.#takeAll(channel).catch(() => void channel.close())
    }
    await link.ask<Replies.Consume>(`consume ${stream}`, (done) =>
      channel.raw.consume(stream, onMessage, { arguments: { 'x-stream-offset': offsetOf(from) } }, done),
    )
    if (place !== undefined) void this.#expectMark(channel, () => heard)
  }

  async #expectMark(channel: OpenChannel, heard: () => boolean): Promise<void> {
    const ended = new AbortController()
    void channel.closed.then(() => ended.abort())
    while (!heard() && !(await this.#parts.mark()) && !ended.signal.aborted) await pause(markAgainMs, ended.signal)
    await pause(silenceMs, ended.signal)
    if (!heard() && !ended.signal.aborted) this.#startAnew(channel)
  }

  // The consumer is told of a deletion before the stream is gone for everybody: on 4.3, one that comes back in between
  // ends its whole connection with a 541.
  async #cancelled(channel: OpenChannel): Promise<void> {
    await pause(this.#parts.afterCancelMs)
    await channel.close()
  }

  #startAnew(channel: OpenChannel): void {
    // What was sent before the broker hears of the end still comes.
    if (this.#from === 'first' || channel.isClosed()) return
    this.#from = 'first'
    this.#parts.follower.anew()
    this.#parts.begunAnew()
    void channel.close()
  }

  // What is dropped is dropped by whole files, the place with it; the broker itself takes an offset at each file's beginning.
  #tellDropped(first: JournalEntry, place: JournalPlace): void {
    const most = first.offset - place.offset - 1
    if (most > 0) this.#parts.dropped(most)
  }

  async #takeAll(channel: OpenChannel): Promise<void> {
    try {
      await this.#takeWhileAny(channel)
    } finally {
      this.#taking = undefined
    }
  }

  async #takeWhileAny(channel: OpenChannel): Promise<void> {
    while (this.#pending.length > 0) {
      const batch = this.#pending
      this.#pending = []
      await this.#parts.follower.take(batch.map(({ entry }) => entry))
      const last = batch.at(-1)
      if (last !== undefined && !channel.isClosed()) channel.raw.ack(last.message, true)
    }
  }
}

function entryOf({ properties, content }: ConsumeMessage): JournalEntry {
  return {
    offset: Number((properties.headers as Record<string, unknown> | undefined)?.['x-stream-offset']),
    id: String(properties.messageId),
    body: content,
  }
}

/** RabbitMQ, Streams, "Consuming": an offset, a time in whole seconds, or the first that there is. */
function offsetOf(from: Beginning): unknown {
  if (from === undefined) return 'first'
  return 'offset' in from ? from.offset : { '!': 'timestamp', value: Math.max(0, Math.floor(from.since / 1_000)) }
}

/** What is no longer kept leaves a gap; a smaller offset than the one that was asked for there cannot be. */
function follows(entry: JournalEntry, place: JournalPlace): boolean {
  return entry.offset > place.offset || (entry.offset === place.offset && entry.id === place.id)
}
