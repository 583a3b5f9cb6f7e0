import type { LiveFrame } from '../../views/live'
import type { MessagePage, MessageRow } from '../../views/message-row'

/** So many rows stay in the page at most; older ones are asked for again. */
export const mostRows = 20_000

export interface ShownRows {
  /** The newest first. */
  readonly rows: readonly MessageRow[]
  /** Undefined where there are no older ones. */
  readonly next: number | undefined
  readonly skipped: number
}

export const noRows: ShownRows = { rows: [], next: undefined, skipped: 0 }

export function afterFrame(before: ShownRows, frame: LiveFrame): ShownRows {
  const { rows = [], gone = [], skipped = 0, begins, next } = frame
  if (begins === 'anew') return { rows: merged([], rows), next, skipped: 0 }
  const left = new Set(gone)
  const kept = left.size === 0 ? before.rows : before.rows.filter(({ number }) => !left.has(number))
  const { next: oldest = 0 } = before
  // What is older than all that are shown stands behind others, which come with it when older ones are asked for.
  const among = rows.filter(({ number }) => number >= oldest)
  return { ...before, rows: merged(kept, among), skipped: before.skipped + skipped }
}

/** Each once, as it is told in `more`; the newest first. */
function merged(rows: readonly MessageRow[], more: readonly MessageRow[]): readonly MessageRow[] {
  if (more.length === 0) return rows
  const byNumber = new Map(rows.map((row) => [row.number, row]))
  for (const row of more) byNumber.set(row.number, row)
  return [...byNumber.values()].sort((a, b) => b.number - a.number).slice(0, mostRows)
}

export function withOlder(before: ShownRows, page: MessagePage): ShownRows {
  return { ...before, rows: merged(before.rows, page.rows), next: page.next }
}
