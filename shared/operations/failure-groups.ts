import type { DeadLetter } from '../messaging/dead-letters'
import { errorPattern, failureSignature } from './failure-signature'

/** Dead letters that died of the same. */
export interface FailureGroup {
  readonly signature: string
  readonly type: string | undefined
  readonly reason: string | undefined
  /** What their errors have in common. */
  readonly pattern: string
  readonly count: number
  /** The first and the last death, RFC 3339. */
  readonly firstDeadAt: string | undefined
  readonly lastDeadAt: string | undefined
  /** The id of the one that was met first. */
  readonly example: string | undefined
}

/** Counts letters by what they died of, in memory for each kind of failure and not for each letter. */
export class FailureGroups {
  readonly #groups = new Map<string, FailureGroup>()

  add(letter: DeadLetter): void {
    const signature = failureSignature(letter)
    const { id, type, reason, error, deadAt } = letter
    const before = this.#groups.get(signature)
    this.#groups.set(signature, {
      signature,
      type,
      reason,
      pattern: errorPattern(error),
      count: (before?.count ?? 0) + 1,
      firstDeadAt: earlier(before?.firstDeadAt, deadAt),
      lastDeadAt: later(before?.lastDeadAt, deadAt),
      example: before === undefined ? id : before.example,
    })
  }

  /** The most frequent first. */
  all(): readonly FailureGroup[] {
    return [...this.#groups.values()].sort((a, b) => b.count - a.count)
  }
}

function earlier(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined || (b !== undefined && Date.parse(b) < Date.parse(a)) ? b : a
}

function later(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined || (b !== undefined && Date.parse(b) > Date.parse(a)) ? b : a
}
