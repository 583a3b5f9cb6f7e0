import type { DeadLetters } from '../../shared/messaging/dead-letters'
import { ProblemError } from '../../shared/runtime/problem-error'
import { Turns } from '../../shared/runtime/turns'
import { deadLettersProblem } from './dead-letters-problem'

/** Each has up to three connections at the broker. */
const mostAtOnce = 20

/**
 * Where requests get at the dead letters. Each has a connection of its own: whatever befalls one befalls no other, and
 * when it ends, however it ends, the broker gives back all that it held.
 */
export class Desk {
  readonly #open: () => Promise<DeadLetters>
  readonly #looks = new Map<string, Turns>()
  #atWork = 0

  constructor(open: () => Promise<DeadLetters>) {
    this.#open = open
  }

  /**
   * One look at a group after the other: what one holds another would not see. A work that only begins with a look calls
   * `looked` when the others may look. Rejects with a problem, and with the reason of the signal when that comes first.
   */
  async look<T>(
    group: string,
    signal: AbortSignal,
    work: (deadLetters: DeadLetters, looked: () => void) => Promise<T>,
  ): Promise<T> {
    const begun = Promise.withResolvers<void>()
    let whole: Promise<T> | undefined
    const turn = this.#turns(group).take(async () => {
      signal.throwIfAborted()
      whole = this.with(signal, (deadLetters) => work(deadLetters, begun.resolve))
      await Promise.race([begun.promise, whole])
    })
    await unlessAborted(turn, signal)
    return whole as Promise<T>
  }

  /** Without waiting for anybody. Rejects as {@link look} does. */
  async with<T>(signal: AbortSignal, work: (deadLetters: DeadLetters) => Promise<T>): Promise<T> {
    if (this.#atWork >= mostAtOnce) throw tooMany()
    this.#atWork++
    try {
      return await this.#connected(signal, work)
    } catch (error) {
      throw deadLettersProblem(error)
    } finally {
      this.#atWork--
    }
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

  #turns(group: string): Turns {
    const turns = this.#looks.get(group) ?? new Turns(1)
    this.#looks.set(group, turns)
    return turns
  }
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
