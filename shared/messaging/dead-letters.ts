import type { GroupTopology } from './transport'

/**
 * The port through which a person looks at dead letters and moves them. It walks and it carries out; which letters are
 * meant and what becomes of them is the caller's decision.
 */
export interface DeadLetters {
  /** Where the broker is, without a password. */
  readonly place: string
  /**
   * Hands a group's dead letters to `decide`, one at a time and oldest first. What is to be kept is held until the end
   * and given back then, so nothing is met twice; it is met by nobody else meanwhile. Rejects when the group has no
   * queue, the broker is lost, or a copy is not confirmed: whatever was not carried out is back in the queue then.
   */
  walk(group: GroupTopology, decide: (letter: DeadLetter) => Decision | Promise<Decision>): Promise<Walk>
  /** May be called twice. */
  close(): Promise<void>
}

/**
 * - `keep`: it stays where it is. `enough`: as well, and the walk ends.
 * - `replay`: a confirmed copy without its death goes to the work queue of its group alone, then the letter is removed.
 * - `discard`: it is removed for good.
 */
export type Decision = 'keep' | 'enough' | 'replay' | 'discard'

export interface Walk {
  /** Letters that nobody held when the walk began. */
  readonly ready: number
  /** Those of them that were handed over; fewer when the walk ended early, or somebody else was quicker. */
  readonly met: number
}

/** A message that was parked. What is undefined was not written on it. */
export interface DeadLetter {
  /** Undefined only for a message that nobody could understand and nobody stamped. */
  readonly id: string | undefined
  readonly source: string | undefined
  readonly type: string | undefined
  /** One of ours, or the broker's own, such as `delivery_limit`. */
  readonly reason: string | undefined
  /** Class and message of the error. */
  readonly error: string | undefined
  readonly stack: string | undefined
  /** Runs of the handler, at most. */
  readonly attempts: number | undefined
  /** How often it has been replayed before. */
  readonly replays: number
  /** When the group first saw it, RFC 3339. */
  readonly firstSeen: string | undefined
  /** When it was parked, RFC 3339. */
  readonly deadAt: string | undefined
  /** `EXCHANGE/ROUTINGKEY` by which it first came. */
  readonly route: string | undefined
  readonly contentType: string | undefined
  readonly body: Buffer
  /** As they are on the wire. */
  readonly headers: Readonly<Record<string, unknown>>
  /** The transport's further fields of the message, under its own names; only those that are set. */
  readonly properties: Readonly<Record<string, unknown>>
}
