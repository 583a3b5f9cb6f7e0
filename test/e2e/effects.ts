import { eventually } from '../support/eventually'
import type { Pair } from './pair'

/** Waits until each accepted order has its effect in both groups, and holds that none has two. */
export async function expectEachOnce(pair: Pick<Pair, 'rows'>, ids: ReadonlyMap<string, string>): Promise<void> {
  for (const table of ['ledger_entries', 'mails']) {
    const effects = async () =>
      (await pair.rows(`select message_id from ${table}`)).map((row) => String(row['message_id']))
    await eventually(`each order is in ${table}`, async () => new Set(await effects()).size >= ids.size, {
      withinMs: 60_000,
    })
    expect((await effects()).sort()).toEqual([...ids.values()].sort())
  }
}
