import { setTimeout as pause } from 'node:timers/promises'
import { hasEnded, type Followed, type Seen } from '../shared/verification/found-by-status'
import type { Parcel } from '../shared/verification/send-load'
import { askProducer } from './ask-producer'

const askedAtOnce = 10
const mostInRound = 200
const betweenRoundsMs = 500

/** How to reach the producer. */
export interface Door {
  readonly url: string
  readonly apiKey: string | undefined
}

/** Asks the producer what has become of messages, the oldest first, until each has come to its end. */
export class Following {
  /** Messages that have come to their end. */
  ended = 0
  readonly #done: Followed[] = []
  readonly #open = new Map<string, Followed>()
  #isComplete = false
  #lastEndAt = performance.now()

  readonly #door: Door
  readonly #patienceMs: number

  constructor(door: Door, patienceMs: number) {
    this.#door = door
    this.#patienceMs = patienceMs
  }

  add({ subject, bodyHash, expected }: Parcel, id: string): void {
    this.#open.set(id, { subject, id, bodyHash, expected, seen: undefined })
    this.#lastEndAt = performance.now()
  }

  /** No more will be added. */
  complete(): void {
    this.#isComplete = true
  }

  /** Resolves when all have ended, or when none has for as long as patience lasts. */
  async untilEnded(): Promise<void> {
    while (!this.#isComplete || this.#open.size > 0) {
      if (this.#isComplete && performance.now() - this.#lastEndAt > this.#patienceMs) return
      await this.#round()
      await pause(betweenRoundsMs)
    }
  }

  followed(): readonly Followed[] {
    return [...this.#done, ...this.#open.values()]
  }

  async #round(): Promise<void> {
    const those = [...this.#open.values()].slice(0, mostInRound)
    for (let at = 0; at < those.length; at += askedAtOnce)
      await Promise.all(those.slice(at, at + askedAtOnce).map((one) => this.#look(one)))
  }

  async #look(one: Followed): Promise<void> {
    const now = { ...one, seen: (await this.#ask(one.id)) ?? one.seen }
    // At the end of the line: a few that never end must not hide the others.
    this.#open.delete(one.id)
    if (!hasEnded(now)) return void this.#open.set(one.id, now)
    this.#done.push(now)
    this.ended++
    this.#lastEndAt = performance.now()
  }

  /** Undefined for whatever is no answer about the message: it is asked for again. */
  async #ask(id: string): Promise<Seen | undefined> {
    const { url, apiKey } = this.#door
    const asked = { method: 'GET', url: `${url}/messages/${encodeURIComponent(id)}`, apiKey } as const
    const answer = await askProducer(asked).catch(() => undefined)
    return answer?.status === 200 ? (answer.body as unknown as Seen) : undefined
  }
}
