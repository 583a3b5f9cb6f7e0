import { setImmediate as othersHadTheirTurn } from 'node:timers/promises'
import type { MessageRow } from '../views/message-row'
import type { MessageWindow, PageAsked } from './message-window'

/** So many rows are looked at before anybody else has his turn: with a filter that reads all their data, some milliseconds. */
const atOnce = 200
/** Whoever has missed more of them begins anew. */
const mostGone = 5_000

export interface ChangesAsked extends Pick<PageAsked, 'matches'> {
  readonly since: number
  readonly most: number
}

export interface Changes {
  /** Those that changed last, so many as were asked for. */
  readonly rows: readonly MessageRow[]
  /** So many that matched, and changed before these, are left out. */
  readonly skipped: number
  /** Numbers of rows that changed and do not match, of which one may have matched before; undefined where they are too many. */
  readonly gone: readonly number[] | undefined
}

/**
 * The messages that a filter lets through, the newest first, looked for in turns with all other work. What comes meanwhile is
 * not among them, and what is let go meanwhile may be missing. Rejects with the signal's reason.
 */
export async function pageInTurns(
  window: Pick<MessageWindow, 'page'>,
  { matches, before, limit }: PageAsked,
  ended: AbortSignal,
): Promise<{ readonly rows: readonly MessageRow[]; readonly next?: number }> {
  const rows: MessageRow[] = []
  for (let from = before; ;) {
    // One more than is wanted tells that there are more.
    const part = window.page({ matches, before: from, limit: limit + 1 - rows.length, atMost: atOnce })
    rows.push(...part.rows)
    const last = rows[limit - 1]
    if (rows.length > limit && last !== undefined) return { rows: rows.slice(0, limit), next: last.number }
    if (part.onward === undefined) return { rows }
    from = part.onward
    await othersHadTheirTurn()
    ended.throwIfAborted()
  }
}

/** What has changed since, as it was when this was called; otherwise as {@link pageInTurns}. */
export async function changesInTurns(
  window: Pick<MessageWindow, 'changedSince'>,
  { since, matches, most }: ChangesAsked,
  ended: AbortSignal,
): Promise<Changes> {
  const rows: MessageRow[] = []
  const gone: number[] = []
  let skipped = 0
  for (const [at, row] of window.changedSince(since).entries()) {
    if (at > 0 && at % atOnce === 0) {
      await othersHadTheirTurn()
      ended.throwIfAborted()
    }
    if (!matches(row)) gone.push(row.number)
    else if (rows.length < most) rows.push(row)
    else skipped++
  }
  return { rows, skipped, gone: gone.length > mostGone ? undefined : gone }
}
