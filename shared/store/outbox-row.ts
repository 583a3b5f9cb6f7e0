import type { OutboxCounts, OutboxRow } from './outbox'
import { optionalText } from './optional-text'
import type { Row } from './store'

/** How long a claim lasts, in seconds. */
export const claimSeconds = 30

/** A claim takes rows until they have so much data, and one in any case. */
export const claimBytes = 8 * 1_048_576

/** How far rows are counted: beyond that their number says nothing more. */
export const mostCounted = 10_000

/** The columns that {@link toOutboxRow} reads. */
export const outboxColumns = 'seq, id, type, data, ordering_key, source, time, extensions'

export function toOutboxRow(row: Row): OutboxRow {
  return {
    seq: String(row['seq']),
    id: String(row['id']),
    type: String(row['type']),
    data: String(row['data']),
    orderingKey: optionalText(row['ordering_key']),
    source: optionalText(row['source']),
    time: String(row['time']),
    extensions: String(row['extensions']),
  }
}

/** By their numbers, which may have more digits than a JavaScript number keeps. */
export function inOrder(rows: readonly OutboxRow[]): readonly OutboxRow[] {
  return [...rows].sort((a, b) => (BigInt(a.seq) < BigInt(b.seq) ? -1 : 1))
}

/**
 * The ordering keys that were taken. Whoever takes one takes it from its former relay whole, also rows beyond the limit:
 * that relay could renew these, and would publish them before the earlier ones that it has lost.
 */
export function keysOf(claimed: readonly OutboxRow[]): readonly string[] {
  return [...new Set(claimed.flatMap(({ orderingKey }) => orderingKey ?? []))]
}

export function toCounts(row: Row | undefined): OutboxCounts {
  return {
    waiting: Number(row?.['waiting'] ?? 0),
    oldestSeconds: Math.max(0, Number(row?.['oldest_seconds'] ?? 0)),
    oldestType: optionalText(row?.['oldest_type']),
    refused: Number(row?.['refused'] ?? 0),
  }
}
