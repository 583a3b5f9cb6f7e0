import type { Lsn } from './lsn'

/** Where a change stands: the same, however often it is read. */
export interface Place {
  /** Of its transaction's commit. */
  readonly commitLsn: Lsn
  /** When that was, in microseconds since 2000. */
  readonly committedAt: bigint
  /** Which of the transaction's changes it is; the first is 0. */
  readonly number: number
}

const year2000Ms = Date.UTC(2000, 0, 1)

/**
 * The id of the message that tells of it. The time is part of it, so that a database which was set back to an earlier state, and
 * comes to the same place in its log with something else, does not bring an id that was there before.
 */
export function messageIdOf({ commitLsn, committedAt, number }: Place, systemId: string): string {
  return [systemId, commitLsn.toString(16), committedAt.toString(36), number].join('-')
}

/** Text that grows from change to change, also over the end of a transaction. */
export function positionOf({ commitLsn, number }: Place): string {
  return `${commitLsn.toString(16).padStart(16, '0')}.${String(number).padStart(10, '0')}`
}

/** RFC 3339, to the microsecond. */
export function timeOf({ committedAt }: Pick<Place, 'committedAt'>): string {
  const ms = Math.floor(Number(committedAt / 1_000n)) + year2000Ms
  const micros = String(committedAt % 1_000n).padStart(3, '0')
  return new Date(ms).toISOString().replace('Z', `${micros}Z`)
}
