import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { InboxKey, Store, Write } from '../../shared/store/store'

/** Opens the same database each time it is called, with these folders of migrations. */
export type OpenStore = (migrations: readonly string[]) => Promise<Store>

/** The folder that makes the tables of these tests. */
export const effectTables = resolve(__dirname, 'store-effects')

/** The names of all that a store with these tables runs, in their order. */
export function migrationsOf(adapter: 'sqlite' | 'postgres'): readonly string[] {
  const folders = [effectTables, resolve(__dirname, '..', '..', 'shared', 'store', adapter)]
  const names = folders.flatMap((folder) => readdirSync(folder)).filter((name) => name.endsWith('.sql'))
  return names.sort()
}

/** A key no other test has. */
export function newKey(group = 'ledger'): InboxKey {
  return { group, source: '/test', id: randomUUID() }
}

export function effect(id: string, note: string | null = null): Write {
  return { sql: 'insert into effects (id, note) values ($1, $2)', params: [id, note] }
}

export async function countEffects(store: Store, id: string): Promise<unknown> {
  const [row] = await store.query('select count(*) as number from effects where id = $1', [id])
  return row?.number
}
