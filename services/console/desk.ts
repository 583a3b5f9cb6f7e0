import type { DeadLetters } from '../../shared/messaging/dead-letters'
import { ProblemError } from '../../shared/runtime/problem-error'
import { Turns } from '../../shared/runtime/turns'
import { deadLettersProblem } from './dead-letters-problem'

/** Each has up to three connections at the broker. */
const mostAtOnce = 20

/**
 * What others may do once a work is past its first look:
 * - `wait`: they wait until it is over.
 * - `see a part`: they look, and it may hold letters that they do not see.
 * - `see all`: they look, and it holds none.
 */
type OthersMay = 'wait' | 'see a part' | 'see all'

/** What a work that looks at a group is told, and tells. */
export interface Turn {
  /** Whether another work here holds letters of the group, so that this look does not see all. */
  readonly othersHold: boolean
  /** From now on the work is waited for, whatever its signal says: what it has done has to be told. */
  readonly begun: (othersMay: OthersMay) => void
}

/** Who is at a group of dead letters. */
interface Place {
  readonly turns: Turns
  /** How many works hold letters although others look. */
  holding: number
}

type Work<T> = (deadLetters: DeadLetters, turn: Turn) => Promise<T>

/**
 * Where requests get at the dead letters. Each has a connection of its own: whatever befalls one befalls no other, and
 * when it ends, however it ends, the broker gives back all that it held.
 */
export class Desk {
  readonly #open: () => Promise<DeadLetters>
  readonly #places = new Map<string, Place>()
  readonly #atWork = new Set<Promise<unknown>>()

  constructor(open: () => Promise<DeadLetters>) {
    this.#open = open
  }

  /**
   * One look at a group after the other: what one holds another would not see. Rejects with a problem; and with the reason
   * of the signal when that comes before the work has begun to change something.
   */
  async look<T>(group: string, signal: AbortSignal, work: Work<T>): Promise<T> {
    const place = this.#place(group)
    const begun = Promise.withResolvers<void>()
    const free = Promise.withResolvers<void>()
    let whole: Promise<T> | undefined
    const turn = place.turns.take(async () => {
      signal.throwIfAborted()
      whole = this.with(signal, (deadLetters) => work(deadLetters, { othersHold: place.holding > 0, begun: tell }))
      await Promise.race([free.promise, whole])
    })
    const tell = (othersMay: OthersMay) => {
      begun.resolve()
      if (othersMay !== 'wait') free.resolve()
      if (othersMay === 'see a part') holdUntilOver(place, whole as Promise<T>)
    }
    await unlessAborted(Promise.race([begun.promise, turn]), signal)
    return whole as Promise<T>
  }

  /** Without waiting for anybody. Rejects as {@link look} does. */
  async with<T>(signal: AbortSignal, work: (deadLetters: DeadLetters) => Promise<T>): Promise<T> {
    if (this.#atWork.size >= mostAtOnce) throw tooMany()
    const whole = this.#connected(signal, work)
    this.#atWork.add(whole)
    try {
      return await whole
    } catch (error) {
      throw deadLettersProblem(error)
    } finally {
      this.#atWork.delete(whole)
    }
  }

  /** Resolves when nothing is at work any more, also what nobody waits for. */
  async idle(): Promise<void> {
    while (this.#atWork.size > 0) await Promise.allSettled(this.#atWork)
  }

  async #connected<T>(signal: AbortSignal, work: (deadLetters: DeadLetters) => Promise<T>): Promise<T> {
    const opening = this.#open()
    const deadLetters = await unlessAborted(opening, signal).catch((error: unknown) => {
      // What is open in the end all the same is let go.
      opening.then((late) => late.close()).catch(() => {})
      throw error
    })
    try {
      return await work(deadLetters)
    } finally {
      await deadLetters.close()
    }
  }

  #place(group: string): Place {
    const place = this.#places.get(group) ?? { turns: new Turns(1), holding: 0 }
    this.#places.set(group, place)
    return place
  }
}

function holdUntilOver(place: Place, whole: Promise<unknown>): void {
  place.holding++
  void Promise.allSettled([whole]).then(() => place.holding--)
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

function tooMany(): ProblemError {
  return new ProblemError(
    'too-many-requests',
    `${mostAtOnce} requests are at work at the dead letters; repeat after Retry-After`,
    { headers: { 'retry-after': '1' } },
  )
}
