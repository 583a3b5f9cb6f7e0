import { setTimeout as pause } from 'node:timers/promises'
import { effectsIn, hasEnded, type Followed, type Seen } from '../shared/verification/found-by-status'
import type { Parcel } from '../shared/verification/send-load'
import { askProducer } from './ask-producer'
import { refusalOf } from './refusal-text'

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

/** What is said of a message; only that nobody knows it may ever be taken for a loss. */
type Told = Seen | 'unknown' | 'no answer'
type IsDone = (one: Followed, answer: Told) => boolean

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
  /** Effects that were told of, counted in each group. */
  processed = 0
  readonly #followed = new Map<string, Followed>()
  /** Ids that are still to be asked about, the next one first. */
  #open = new Set<string>()
  /** Ids of those about which the last question had no answer, or none was asked yet. */
  readonly #unheard = new Set<string>()
  #whyUnheard = 'nobody was asked'
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
    this.#followed.set(id, { subject, id, bodyHash, expected, seen: 'no answer' })
    this.#open.add(id)
    this.#unheard.add(id)
    this.#movedAt = performance.now()
  }

  /** No more will be added. */
  complete(): void {
    this.#isComplete = true
  }

  /**
   * Resolves when all have ended and were looked at again, when nothing new is told for as long as patience lasts, or
   * soon after the signal.
   */
  async untilEnded(signal: AbortSignal): Promise<void> {
    await this.#ask(hasEnded, signal)
    const ended = [...this.#followed.values()].filter(hasEnded)
    if (ended.length === 0) return
    const againInMs = Math.max(0, this.#movedAt + this.#lookAgainAfterMs - performance.now())
    await pause(againInMs, undefined, { signal }).catch(() => {})
    this.#open = new Set(ended.map(({ id }) => id))
    this.#movedAt = performance.now()
    await this.#ask((_, answer) => answer !== 'no answer', signal)
  }

  followed(): readonly Followed[] {
    return [...this.#followed.values()]
  }

  /** Why it is not known of all what has become of them, for a person; empty where it is. */
  unheard(): readonly string[] {
    const { size } = this.#unheard
    if (size === 0) return []
    return [`of ${size} messages the producer did not say at last what has become of them: ${this.#whyUnheard}`]
  }

  /** Asks about those that are open, round after round, until `isDone` of each. */
  async #ask(isDone: IsDone, signal: AbortSignal): Promise<void> {
    while (!this.#isComplete || this.#open.size > 0) {
      if (this.#isOver(signal)) return
      await this.#round(isDone, signal)
      await pause(betweenRoundsMs)
    }
  }

  #isOver(signal: AbortSignal): boolean {
    return signal.aborted || (this.#isComplete && performance.now() - this.#movedAt > this.#patienceMs)
  }

  async #round(isDone: IsDone, signal: AbortSignal): Promise<void> {
    const those = [...this.#open].slice(0, mostInRound)
    for (let at = 0; at < those.length && !this.#isOver(signal); at += askedAtOnce)
      await Promise.all(those.slice(at, at + askedAtOnce).map((id) => this.#look(id, isDone)))
  }

  async #look(id: string, isDone: IsDone): Promise<void> {
    const before = this.#followed.get(id) as Followed
    const answer = await this.#answerAbout(id)
    const now = { ...before, seen: seenAfter(answer, before.seen) }
    this.#followed.set(id, now)
    this.processed += effectsIn(now) - effectsIn(before)
    if (answer === 'no answer') this.#unheard.add(id)
    else this.#unheard.delete(id)
    // At the end of the line: a few that never end must not hide the others.
    this.#open.delete(id)
    if (!isDone(now, answer)) return void this.#open.add(id)
    this.#movedAt = performance.now()
  }

  async #answerAbout(id: string): Promise<Told> {
    const { url, apiKey } = this.#door
    try {
      const answer = await askProducer({ method: 'GET', url: `${url}/messages/${encodeURIComponent(id)}`, apiKey })
      if (answer.status === 200) return answer.body as unknown as Seen
      if (answer.status === 404 && answer.body['code'] === 'unknown-message') return 'unknown'
      this.#whyUnheard = refusalOf(answer)
    } catch (error) {
      this.#whyUnheard = (error as Error).message
    }
    return 'no answer'
  }
}

// Once it was seen it is somewhere; that nobody knows it counts only as long as it is the last that was said.
function seenAfter(answer: Told, before: Followed['seen']): Followed['seen'] {
  if (typeof answer === 'object') return answer
  if (typeof before === 'object') return before
  return answer === 'unknown' ? undefined : 'no answer'
}
