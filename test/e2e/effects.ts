import { eventually } from '../support/eventually'
import type { Management } from '../support/management'
import type { Pair } from './pair'

/** Waits until a pair's queues are empty, those of the dead letters too. */
export async function expectNothingLeft(management: Management, { namespace }: Pick<Pair, 'namespace'>): Promise<void> {
  const names = (await management.queues()).map(({ name }) => name).filter((name) => name.startsWith(`${namespace}.`))
  if (names.length === 0) throw new Error(`the namespace ${namespace} has no queues`)
  await management.eventuallyDrained(names, { withinMs: 60_000 })
}

/** Waits until each accepted order has its effect in both groups and no copy is on its way; holds that none has two. */
export async function expectEachOnce(
  management: Management,
  pair: Pick<Pair, 'namespace' | 'rows'>,
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  const effects = async (table: string) =>
    (await pair.rows(`select message_id from ${table}`)).map((row) => String(row['message_id']))
  const tables = ['ledger_entries', 'mails']
  for (const table of tables) {
    const all = async () => new Set(await effects(table)).size >= ids.size
    await eventually(`each order is in ${table}`, all, { withinMs: 60_000 })
  }
  await expectNothingLeft(management, pair)
  for (const table of tables) expect((await effects(table)).sort()).toEqual([...ids.values()].sort())
}
