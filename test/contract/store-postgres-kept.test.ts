/** What a connection keeps parsed must not get in the way of migrations, nor pile up. */
import type { Pool } from 'pg'
import { openStore } from '../../shared/store/open-store'
import { createPool } from '../../shared/store/postgres/create-pool'
import { PostgresStore } from '../../shared/store/postgres/postgres-store'
import { atEnd } from '../support/ends'
import { freshDatabase, onPostgres } from '../support/on-postgres'
import { newKey } from './store-effects'

/** A migrated store with a table for effects, on a pool of so many connections. */
async function storeOn({ connections }: { readonly connections: number }) {
  const url = await freshDatabase()
  await (await openStore({ url, migrations: [] })).close()
  const pool = createPool(url)
  pool.options.max = connections
  const store = new PostgresStore(pool)
  atEnd(() => store.close())
  await pool.query('create table effects (id text)')
  return { pool, store }
}

async function kept(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ statement: string }>('select statement from pg_prepared_statements')
  return rows.map(({ statement }) => statement)
}

onPostgres(() => {
  const insert = 'insert into effects (id) values ($1)'

  test('a statement without a result is parsed once for each connection', async () => {
    const { pool, store } = await storeOn({ connections: 1 })
    for (const id of ['a', 'b', 'c']) await store.apply(newKey(), [{ sql: insert, params: [id] }])
    expect((await kept(pool)).filter((sql) => sql === insert)).toHaveLength(1)
    await expect(store.query('select id from effects order by id')).resolves.toEqual([
      { id: 'a' },
      { id: 'b' },
      { id: 'c' },
    ])
  })

  test('one that fails leaves nothing behind that a later one would trip over', async () => {
    const { pool, store } = await storeOn({ connections: 1 })
    const later = 'insert into later (id) values ($1)'
    const apply = (id: string) => store.apply(newKey(), [{ sql: later, params: [id] }])
    const failed = await Promise.allSettled([apply('a'), apply('b')])
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await pool.query('create table later (id text)')
    await expect(Promise.all([apply('a'), apply('b')])).resolves.toEqual(['applied', 'applied'])
  })

  test('a migration between two messages changes what both return, and disturbs neither', async () => {
    const { pool, store } = await storeOn({ connections: 1 })
    const statements = [
      insert,
      'insert into effects (id) values ($1) returning *',
      'with gone as (delete from effects where id = $1 returning *) select * from gone',
    ]
    const apply = (id: string) =>
      store.apply(
        newKey(),
        statements.map((sql) => ({ sql, params: [id] })),
      )
    await apply('a')
    await pool.query('alter table effects add column more int')
    await expect(apply('b')).resolves.toBe('applied')
    await expect(store.isDone(newKey())).resolves.toBe(false)
  })

  test('a migration that gives a column another type does not disturb the next message', async () => {
    const { pool, store } = await storeOn({ connections: 1 })
    const apply = (id: string) => store.apply(newKey(), [{ sql: insert, params: [id] }])
    await apply('1')
    await pool.query('alter table effects alter column id type int using id::int')
    await expect(apply('2')).resolves.toBe('applied')
    await expect(Promise.all([apply('3'), apply('4')])).resolves.toEqual(['applied', 'applied'])
    // On the connection as it is now: nothing was kept of before, which each batch would trip over again.
    expect((await kept(pool)).filter((sql) => sql === insert)).toHaveLength(1)
    const { rows } = await pool.query('select parameter_types::text from pg_prepared_statements where statement = $1', [
      insert,
    ])
    expect(rows).toEqual([{ parameter_types: '{integer}' }])
  })

  test('nor does it where several connections kept the statement', async () => {
    const { pool, store } = await storeOn({ connections: 2 })
    const apply = (id: string, group: string) =>
      store.apply(newKey(group), [
        { sql: insert, params: [id] },
        { sql: 'select pg_sleep(0.2)', params: [] },
      ])
    await Promise.all([apply('1', 'ledger'), apply('2', 'mail')])
    expect(pool.idleCount).toBe(2)
    await pool.query('alter table effects alter column id type int using id::int')
    await expect(apply('3', 'ledger')).resolves.toBe('applied')
  })

  test('SQL that is put together anew for each message does not pile up', async () => {
    const { pool, store } = await storeOn({ connections: 1 })
    for (let at = 0; at < 150; at++)
      await store.apply(newKey(), [{ sql: `insert into effects (id) values ('${at}')`, params: [] }])
    expect((await kept(pool)).length).toBeLessThan(110)
    await expect(store.query('select count(*)::int as rows from effects')).resolves.toEqual([{ rows: 150 }])
  })
})
