import type { ConfirmChannel } from 'amqplib/callback_api'
import type { Message } from 'amqplib'
import type { PublishResult } from '../transport'
import { failpoint, failpointOnceSent } from '../../runtime/failpoints'
import { InFlight, type Entry, type InFlightLimits, type Outgoing } from './in-flight'
import type { Link, OpenChannel } from './link'
import { Publishes } from './publishes'
import type { Part } from './session'
import { Silence } from './silence'

const sweepMs = 100
/** Behind one without a confirm; when it has it at last, amqplib forgets them one by one: 200,000 take seven seconds. */
const mostKept = 10_000
/** Of several publishers in one process a strike must tell which it means: what the journal sends is no message. */
const failpointsOf = {
  publisher: { written: 'publish.written', confirmed: 'publish.confirmed' },
  journal: { written: 'journal.written', confirmed: 'journal.confirmed' },
  replies: { written: 'reply.written', confirmed: 'reply.confirmed' },
} as const
const defaultLimits: InFlightLimits = { messages: 1_000, bytes: 16 * 1_048_576, deadlineMs: 8_000 }

/**
 * Publishes persistent, mandatory messages on a confirm channel and tells of each what became of it. When the channel
 * is lost, what was unconfirmed is sent once more, in order and with the same ids, on the next one.
 */
export class Publisher implements Part {
  readonly name: keyof typeof failpointsOf
  readonly #inFlight: InFlight
  readonly #deadlineMs: number
  readonly #declare: (link: Link) => Promise<void>
  #link: Link | undefined
  #channel: OpenChannel<ConfirmChannel> | undefined
  #publishes: Publishes | undefined
  #silence: Silence | undefined
  /** Whether something that was sent on this channel had no confirm in time. */
  #hasOverdue = false
  #writable = true
  #sweep: NodeJS.Timeout | undefined
  /** The turn's end, at which what was published in it is written together. */
  #soon: NodeJS.Immediate | undefined
  #whenEmpty: (() => void)[] = []

  /** `declare` makes the topology sure; needed again when the channel died but its connection lives: an exchange is gone. */
  constructor(
    declare: (link: Link) => Promise<void>,
    limits: InFlightLimits = defaultLimits,
    name: keyof typeof failpointsOf = 'publisher',
  ) {
    this.name = name
    this.#declare = declare
    this.#inFlight = new InFlight(limits)
    this.#deadlineMs = limits.deadlineMs
  }

  async open(link: Link): Promise<{ closed: Promise<string> }> {
    if (this.#link === link) await this.#declare(link)
    const channel = await link.openConfirmChannel()
    channel.raw.on('return', (message: Message) => this.#returned(message))
    channel.raw.on('drain', () => {
      this.#writable = true
      this.#pump()
    })
    this.#link = link
    this.#channel = channel
    this.#publishes = new Publishes(channel.raw, link.username)
    const silence = (this.#silence = this.#silenceOf(link))
    this.#hasOverdue = false
    this.#writable = true
    const closed = channel.closed.then((reason) => {
      silence.end()
      this.#lost(channel)
      return reason
    })
    this.#pump()
    return { closed }
  }

  /**
   * Sends when it can be sent at once or soon; refuses without waiting otherwise. Never rejects. What has no result at
   * `answerBy`, or after the deadline where that is sooner, gets one within {@link sweepMs}.
   */
  publish(outgoing: Outgoing, answerBy?: number): Promise<PublishResult> {
    const refusal = this.refusal() ?? this.#inFlight.refusal(outgoing.body.length)
    if (refusal !== undefined) return Promise.resolve({ outcome: 'not_accepted', detail: refusal })
    const result = this.#inFlight.add(outgoing, answerBy)
    // What has come is read first: see afterReading.
    this.#sweep ??= setInterval(() => setImmediate(() => this.#expire()), sweepMs)
    this.#soon ??= setImmediate(() => this.#pump())
    return result
  }

  /** Why nothing can be published now; undefined when something can. */
  refusal(): string | undefined {
    if (this.#channel === undefined || this.#channel.isClosed()) return 'not connected to the broker'
    const blocked = this.#link?.blocked
    return blocked === undefined ? undefined : `blocked by the broker: ${blocked}`
  }

  get inFlight(): number {
    return this.#inFlight.count
  }

  /** Resolves when nothing is in flight any more, at the latest when every deadline has passed. */
  async drain(): Promise<void> {
    if (this.#inFlight.count > 0) await new Promise<void>((resolve) => this.#whenEmpty.push(resolve))
  }

  /** Gives up what has no result yet. */
  abandon(): void {
    const entries = [...this.#inFlight.sent]
    for (let next = this.#inFlight.nextToSend(); next !== undefined; next = this.#inFlight.nextToSend())
      entries.push(next)
    for (const entry of entries) this.#finish(entry, resultWhenLate(entry))
  }

  /** Called when the broker takes publishes again. */
  resume(): void {
    this.#pump()
  }

  // Once amqplib's buffers are full, messages wait here: what was never written can be answered "not accepted" instead
  // of "unknown".
  #pump(): void {
    clearImmediate(this.#soon)
    this.#soon = undefined
    let sent = 0
    while (this.#writable && this.refusal() === undefined) {
      const entry = this.#inFlight.nextToSend()
      if (entry === undefined) break
      if (this.#send(entry, this.#channel as OpenChannel<ConfirmChannel>)) sent++
    }
    if (sent === 0) return
    this.#silence?.asked()
    this.#writable = (this.#publishes as Publishes).flush() && this.#writable
    while (sent-- > 0) failpointOnceSent(failpointsOf[this.name].written)
  }

  /** Returns whether it is on its way. */
  #send(entry: Entry, channel: OpenChannel<ConfirmChannel>): boolean {
    this.#inFlight.sent.add(entry)
    const send = ++entry.sends
    const silence = this.#silence
    const confirmed = (error: Error | null) => {
      // A confirm that comes after the deadline, or for an earlier send, has nobody to tell any more. It is no word, either:
      // on a path on which each comes too late, none would ever be in time.
      if (!this.#inFlight.sent.has(entry) || entry.sends !== send || channel.isClosed()) return
      this.#confirmed(entry, error)
      if (error?.message !== 'channel closed') silence?.heard(this.#inFlight.sent.size)
    }
    try {
      this.#writable = (this.#publishes as Publishes).add(entry.outgoing, confirmed)
      return true
    } catch (error) {
      this.#refuse(entry, channel, error as Error)
      return false
    }
  }

  // A closed channel has written nothing; anything else that throws is a message that cannot be put into frames.
  #refuse(entry: Entry, channel: OpenChannel<ConfirmChannel>, error: Error): void {
    entry.sends--
    if (error.name === 'IllegalOperationError') {
      this.#inFlight.sendAgain([entry])
      channel.fail(error.message)
    } else
      this.#finish(entry, { outcome: 'not_accepted', detail: `cannot be sent: ${error.message}`, unsendable: true })
  }

  #confirmed(entry: Entry, error: Error | null): void {
    failpoint(failpointsOf[this.name].confirmed)
    if (error === null && !entry.returned) return this.#finish(entry, { outcome: 'confirmed', detail: 'confirmed' })
    if (error?.message === 'channel closed') return
    // After a second send the first one may have found its queue, whatever became of this one.
    if (entry.sends > 1)
      this.#finish(entry, { outcome: 'unknown', detail: 'sent twice; the second was refused', refused: true })
    else if (error === null) this.#finish(entry, { outcome: 'unroutable', detail: 'no queue is bound for it' })
    else this.#finish(entry, { outcome: entry.outgoing.nackMeans, detail: 'refused by a queue', refused: true })
  }

  // The return comes before the confirm of the same message. Several messages in flight may bear one id (a retry of
  // two groups, two sources), but where a message can be routed depends on its exchange and routing key alone.
  #returned(message: Message): void {
    for (const entry of this.#inFlight.sent) {
      if (entry.returned || !isSame(entry.outgoing, message)) continue
      entry.returned = true
      return
    }
  }

  #lost(channel: OpenChannel<ConfirmChannel>): void {
    if (this.#channel === channel) this.#channel = undefined
    const sent = [...this.#inFlight.sent]
    const again = sent.filter(({ sends }) => sends === 1)
    for (const entry of again) entry.returned = false
    this.#inFlight.sendAgain(again)
    for (const entry of sent.filter(({ sends }) => sends > 1))
      this.#finish(entry, { outcome: 'unknown', detail: 'the connection was lost twice before a confirm' })
  }

  #expire(): void {
    const now = performance.now()
    const { sent, waiting } = this.#inFlight.expired(now)
    for (const entry of this.#inFlight.impatient(now)) entry.settle(resultWhenLate(entry))
    for (const entry of [...sent, ...waiting]) this.#finish(entry, resultWhenLate(entry))
    this.#hasOverdue ||= sent.length > 0
    if (this.#hasOverdue && this.#publishes !== undefined && this.#publishes.kept > mostKept)
      this.#link?.fail(`more than ${mostKept} messages were sent behind one that has no confirm`)
  }

  #silenceOf(link: Link): Silence {
    const tooLong = () => {
      // What is overdue is not sent once more.
      this.#expire()
      link.fail(`no confirm within ${this.#deadlineMs} ms`)
    }
    return new Silence({ limitMs: this.#deadlineMs, excusedUntil: () => link.lastBlockedAt, tooLong })
  }

  #finish(entry: Entry, result: PublishResult): void {
    this.#inFlight.finish(entry, result)
    if (this.#inFlight.count > 0) return
    clearInterval(this.#sweep)
    this.#sweep = undefined
    for (const resolve of this.#whenEmpty.splice(0)) resolve()
  }
}

function isSame({ exchange, routingKey, properties }: Outgoing, returned: Message): boolean {
  return (
    properties.messageId === (returned.properties.messageId as unknown) &&
    exchange === returned.fields.exchange &&
    routingKey === returned.fields.routingKey
  )
}

function resultWhenLate({ sends, patienceMs }: Entry): PublishResult {
  const ms = Math.round(patienceMs)
  return sends > 0
    ? { outcome: 'unknown', detail: `no confirm within ${ms} ms` }
    : { outcome: 'not_accepted', detail: `not sent within ${ms} ms` }
}
