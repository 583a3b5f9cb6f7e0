import type { Static, TSchema } from 'typebox'
import type { MessageType } from '../../shared/messages/message'

/** What a handler writes to and reads from; `$1` in the SQL is the first of the parameters. */
export interface HandlerDatabase {
  /**
   * Collected: kept until the handler returns, then committed together with the message's done row, so the write
   * happens once however often the message is delivered. Interactive: runs now, inside that same transaction.
   */
  run(sql: string, params?: readonly HandlerSqlValue[]): Promise<void>
  /** Collected: reads committed state, without this handler's own writes. Interactive: reads inside the transaction. */
  query(sql: string, params?: readonly HandlerSqlValue[]): Promise<readonly Readonly<Record<string, HandlerSqlValue>>[]>
}

export type HandlerSqlValue = string | number | null | Uint8Array

export interface HandlerLogger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface HandlerContext {
  /** Unique together with `source`; the key to hand on to systems outside that must not repeat an effect either. */
  readonly messageId: string
  readonly source: string
  /** The name of the message's type. */
  readonly type: string
  readonly group: string
  /** 1 for the first run. */
  readonly attempt: number
  /** Aborts when the time limit of the message type has passed or the consumer closes. */
  readonly signal: AbortSignal
  /** Bears message id, type, group, attempt and trace id. */
  readonly logger: HandlerLogger
  readonly db: HandlerDatabase
  /**
   * Sends a message of one's own: it is written together with what the handler writes, and published once that is
   * committed. If the handler fails, or has run before, there is none. Rejects with a TypeError when the data does not fit.
   */
  readonly emit: <S extends TSchema>(type: MessageType<S>, data: Static<S>, options?: EmitOptions) => Promise<void>
}

export interface EmitOptions {
  /** Messages with the same key are published in the order in which they were emitted. */
  readonly key?: string
  /** When it is to be delivered, RFC 3339, at most 365 days from now; at once by default, and when it has passed. */
  readonly deliverAt?: string
  /** From 0 for what may wait to 9 for what is most urgent; 4 is as good as none. Not with a key, of a type that has partitions. */
  readonly priority?: number
}

/**
 * Does the work of one message type in one group. Returning means done; throwing means try again by the message's
 * schedule; throwing `Reject` means park it. Acks, copies and counts are not its job.
 */
export interface Handler {
  readonly type: MessageType
  readonly group: string
  /** `interactive`: reads and writes run in one open transaction, one handler at a time on SQLite. */
  readonly transaction: 'collected' | 'interactive'
  /** What it returns, or its promise resolves with, is its result: JSON for a caller who waits (at most 256 KiB), or nothing. */
  readonly handle: (data: unknown, context: HandlerContext) => unknown
}

export interface HandlerOptions {
  readonly group: string
  readonly transaction?: Handler['transaction']
}

/** The data has been checked against the type's schema before `handle` sees it, which is what makes the cast true. */
export function handler<S extends TSchema>(
  type: MessageType<S>,
  { group, transaction = 'collected' }: HandlerOptions,
  handle: (data: Static<S>, context: HandlerContext) => unknown,
): Handler {
  return { type, group, transaction, handle: (data, context) => handle(data as Static<S>, context) }
}

/** One handler for each of several types, as a group needs that takes a whole pattern; `context.type` tells which it is. */
export function handlerOfAll(
  types: readonly MessageType[],
  options: HandlerOptions,
  handle: (data: unknown, context: HandlerContext) => unknown,
): readonly Handler[] {
  return types.map((type) => handler(type, options, handle))
}
