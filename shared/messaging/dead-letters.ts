import type { JournalLog } from './journal-log'
import type { Envelope, GroupTopology, PublishResult } from './transport'

/**
 * The port through which a person looks at dead letters and moves them. It walks and it carries out; which letters are
 * meant and what becomes of them is the caller's decision.
 */
export interface DeadLetters {
  /** Where the broker is, without a password. */
  readonly place: string
  /** How many dead letters of the group nobody holds. Rejects when the group has no queue, or the broker is lost. */
  count(group: GroupTopology): Promise<number>
  /** Where a replay of a letter leads: the name of one queue. */
  replaysTo(group: GroupTopology, letter: DeadLetter): string
  /** Where is told what was done to them. */
  readonly journal: Pick<JournalLog, 'append'>
  /**
   * Hands a group's dead letters to `decide`, one at a time and oldest first. What is to be kept is held until the end
   * and given back then, so nothing is met twice; it is met by nobody else meanwhile. Rejects when the group has no
   * queue, the broker is lost, or a copy is not confirmed: whatever was not carried out is back in the queue then. The
   * error bears `stays: 'for certain'` where the letter that was handed over last is nowhere else.
   */
  walk(group: GroupTopology, decide: (letter: DeadLetter) => Decision | Promise<Decision>): Promise<Walk>
  /** A letter that a walk hands over, whole, to be kept elsewhere: {@link put} makes the same letter of it again. */
  keep(letter: DeadLetter): KeptLetter
  /** What stands on a kept letter. Throws, with why, when it is none that could be put back. */
  read(kept: KeptLetter, group: GroupTopology): DeadLetter
  /**
   * Puts a kept letter into the group's dead-letter queue, behind those that are there, and answers when it is confirmed
   * or certainly or perhaps not there. Rejects as {@link read} throws, and when the broker cannot be reached.
   */
  put(kept: KeptLetter, group: GroupTopology): Promise<PublishResult>
  /** May be called twice. */
  close(): Promise<void>
}

/** `keep`: it stays where it is. `enough`: as well, and the walk ends. */
export type Decision = 'keep' | 'enough' | Action

/**
 * - `replay`: a confirmed copy without its death goes back to its group alone, then the letter is removed.
 * - `discard`: it is removed for good; its group is told first where others of its key wait behind it.
 */
export type Action = 'replay' | 'discard' | Replacement

/** Another message goes, confirmed, to the letter's group alone and takes its place there, then the letter is removed. */
export interface Replacement {
  readonly kind: 'replace'
  readonly by: Envelope
}

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
  /** Its CloudEvents extensions, by their names; none for what nobody could understand. */
  readonly extensions: Readonly<Record<string, string>>
  /** The bytes of its data; the body, where nobody could understand it. */
  readonly data: Buffer
  /** As it is on the wire; a CloudEvent in structured mode is the whole of it. */
  readonly body: Buffer
  /** As they are on the wire. */
  readonly headers: Readonly<Record<string, unknown>>
  /** The transport's further fields of the message, under its own names; only those that are set. */
  readonly properties: Readonly<Record<string, unknown>>
}

/**
 * A dead letter outside the broker. Properties and headers are values of JSON under the transport's own names, in which
 * each value tells its type: they survive a file.
 */
export interface KeptLetter {
  readonly body: Buffer
  readonly properties: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, unknown>>
}
