import { setTimeout as pause } from 'node:timers/promises'
import { hasEnded, type Followed, type Seen } from '../shared/verification/found-by-status'
import type { Parcel } from '../shared/verification/send-load'
import { askProducer } from './ask-producer'

/** How to reach the producer. */
export interface Door {
  readonly url: string
  readonly apiKey: string | undefined
}

export interface FollowingOptions {
  /** How long to go on asking while nothing new is told. */
  readonly patienceMs: number
  /** How long after the last end each message is asked about once more. Default 5 seconds. */
  readonly lookAgainAfterMs?: number
}

const askedAtOnce = 10
const mostInRound = 200
const betweenRoundsMs = 500
/**
 * A second effect comes of a second delivery: of a copy in the queue, or of what the broker took back. It follows the
 * first by moments, and the journal tells of it within two seconds. What comes later than this is not seen.
 */
const usualLookAgainMs = 5_000

/** Asks the producer what has become of messages, the oldest first, until each has come to its end; then once more. */
export class Following {
  /** Messages that have come to their end. */
  ended = 0
  readonly #followed = new Map<string, Followed>()
  /** Ids that are still to be asked about, the next one first. */
  #open = new Set<string>()
  #isComplete = false
  #movedAt = performance.now()

  readonly #door: Door
  readonly #patienceMs: number
  readonly #lookAgainAfterMs: number

  constructor(door: Door, { patienceMs, lookAgainAfterMs = usualLookAgainMs }: FollowingOptions) {
    this.#door = door
    this.#patienceMs = patienceMs
    this.#lookAgainAfterMs = lookAgainAfterMs
  }

  add({ subject, bodyHash, expected }: Parcel, id: string): void {
    this.#followed.set(id, { subject, id, bodyHash, expected, seen: undefined })
    this.#open.add(id)
    this.#movedAt = performance.now()
  }

  /** No more will be added. */
  complete(): void {
    this.#isComplete = true
  }

  /** Resolves when all have ended and were looked at again, or when nothing new is told for as long as patience lasts. */
  async untilEnded(): Promise<void> {
    await this.#ask(hasEnded)
    const ended = [...this.#followed.values()].filter(hasEnded)
    if (ended.length === 0) return
    await pause(Math.max(0, this.#movedAt + this.#lookAgainAfterMs - performance.now()))
    this.#open = new Set(ended.map(({ id }) => id))
    this.#movedAt = performance.now()
    await this.#ask((_, answer) => answer !== undefined)
  }

  followed(): readonly Followed[] {
    return [...this.#followed.values()]
  }

  /** Asks about those that are open, round after round, until `isDone` of each. */
  async #ask(isDone: (one: Followed, answer: Seen | undefined) => boolean): Promise<void> {
    while (!this.#isComplete || this.#open.size > 0) {
      if (this.#isComplete && performance.now() - this.#movedAt > this.#patienceMs) return
      await this.#round(isDone)
      await pause(betweenRoundsMs)
    }
  }

  async #round(isDone: (one: Followed, answer: Seen | undefined) => boolean): Promise<void> {
    const those = [...this.#open].slice(0, mostInRound)
    for (let at = 0; at < those.length; at += askedAtOnce)
      await Promise.all(those.slice(at, at + askedAtOnce).map((id) => this.#look(id, isDone)))
  }

  async #look(id: string, isDone: (one: Followed, answer: Seen | undefined) => boolean): Promise<void> {
    const before = this.#followed.get(id) as Followed
    const answer = await this.#answerAbout(id)
    const now = { ...before, seen: answer ?? before.seen }
    this.#followed.set(id, now)
    // At the end of the line: a few that never end must not hide the others.
    this.#open.delete(id)
    if (!isDone(now, answer)) return void this.#open.add(id)
    if (!hasEnded(before)) this.ended++
    this.#movedAt = performance.now()
  }

  /** Undefined for whatever is no answer about the message: it is asked for again. */
  async #answerAbout(id: string): Promise<Seen | undefined> {
    const { url, apiKey } = this.#door
    const asked = { method: 'GET', url: `${url}/messages/${encodeURIComponent(id)}`, apiKey } as const
    const answer = await askProducer(asked).catch(() => undefined)
    return answer?.status === 200 ? (answer.body as unknown as Seen) : undefined
  }
}
