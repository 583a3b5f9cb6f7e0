import { randomUUID } from 'node:crypto'
import type { Static, TSchema } from 'typebox'
import type { MessageType } from '../messages/message'
import { writtenData } from '../messages/written-data'
import { withPriority } from '../messaging/given-priority'
import { keyFault } from '../messaging/partition'
import type { Write } from '../store/store'

/** What may be said of a message beside its data. */
export interface OutboxFacts {
  /**
   * Messages with the same key are published in the order in which they were written. Of a type that keeps order: 1 to
   * 255 bytes, without control characters.
   */
  readonly key?: string
  /** From 0 for what may wait to 9 for what is most urgent; 4 is as good as none. Not with a key, of a type that keeps order. */
  readonly priority?: number
  /** The CloudEvents `source`; by default that of the relay's namespace. */
  readonly source?: string
  /** Further CloudEvents attributes: lower-case letters and digits. */
  readonly extensions?: Readonly<Record<string, string>>
}

/** A transaction that is open: a client of `pg`, for example. */
export interface OutboxTransaction {
  query(sql: string, params: (string | null)[]): Promise<unknown>
}

const insert =
  'insert into handoff_outbox (id, type, data, ordering_key, source, extensions) values ($1, $2, $3, $4, $5, $6)'

/**
 * The statement that puts a message into the outbox, for any driver; `$1` is the first parameter. Throws a TypeError when
 * the data does not fit its type, or the key cannot order it: a relay could only put it aside. So it does for a priority
 * that cannot be used: the message would go as any other.
 */
export function outboxWrite<S extends TSchema>(
  type: MessageType<S>,
  data: Static<S>,
  { key, priority, source, extensions = {} }: OutboxFacts = {},
): Write & { readonly params: (string | null)[] } {
  const text = writtenData(type, data)
  const fault = key === undefined || type.partitions === 0 ? undefined : keyFault(key)
  if (fault !== undefined) throw new TypeError(`the key of "${type.name}" cannot be used: ${fault}`)
  const all = withPriority({ priority, extensions, key, type })
  return {
    sql: insert,
    params: [randomUUID(), type.name, text, key ?? null, source ?? null, JSON.stringify(all)],
  }
}

/** The outbox of a service that has its own transactions in the store's database. */
export const outbox = {
  /** Writes the message within the transaction: it is published if that is committed, and never if it is not. */
  add: async <S extends TSchema>(
    transaction: OutboxTransaction,
    type: MessageType<S>,
    data: Static<S>,
    facts?: OutboxFacts,
  ): Promise<void> => {
    const { sql, params } = outboxWrite(type, data, facts)
    await transaction.query(sql, params)
  },
}
