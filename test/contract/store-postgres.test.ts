import { Client } from 'pg'
import { openStore } from '../../shared/store/open-store'
import { createPool } from '../../shared/store/postgres/create-pool'
import { PostgresOutbox } from '../../shared/store/postgres/postgres-outbox'
import type { InboxKey, Store } from '../../shared/store/store'
import { eventually } from '../support/eventually'
import { childEnd, startChild } from './store-child'
import { storeContract } from './store-contract'
import type { CutProxy } from './store-cut-proxy'
import { startCutProxy } from './store-cut-proxy'
import { countEffects, effect, effectTables, migrationsOf, newKey } from './store-effects'
import { createDatabase, postgresAnswers, postgresUrl } from './store-test-database'

const answers = postgresAnswers()
const hint = 'skipped: no PostgreSQL answers on 127.0.0.1:5432; start one or set POSTGRES_TEST_URL'
if (!answers) console.warn(`The store on PostgreSQL is ${hint}`)
const [suite, name] = answers ? [describe, 'PostgreSQL'] : [describe.skip, `PostgreSQL (${hint})`]
const unavailable = { code: 'STORE_UNAVAILABLE' }

suite(name, () => {
  let database: Awaited<ReturnType<typeof createDatabase>>
  beforeAll(async () => {
    database = await createDatabase()
  })
  afterAll(() => database.drop())

  storeContract(
    'PostgreSQL',
    (migrations) => openStore({ url: database.url, migrations }),
    () => database.url,
  )

  describe('a PostgreSQL server', () => {
    const ends: (() => Promise<void>)[] = []
    afterEach(async () => {
      for (const end of ends.splice(0).reverse()) await end()
    })

    async function opened(url = database.url): Promise<Store> {
      const store = await openStore({ url, migrations: [effectTables] })
      ends.push(() => store.close())
      return store
    }

    async function openedThroughProxy(target = database.url): Promise<{ store: Store; proxy: CutProxy }> {
      const url = new URL(target)
      const proxy = await startCutProxy({ host: url.hostname, port: Number(url.port || 5432) })
      ends.push(() => proxy.close())
      url.hostname = '127.0.0.1'
      url.port = String(proxy.port)
      return { store: await opened(url.href), proxy }
    }

    it('is migrated once by processes that start at the same time', async () => {
      const fresh = await createDatabase()
      ends.push(fresh.drop)
      const children = Array.from({ length: 3 }, () => startChild('store-open-child.ts', [fresh.url, effectTables]))
      const outcomes = await Promise.all(children.map(childEnd))
      expect(outcomes).toEqual(Array(3).fill({ output: 'opened\n', end: 0 }))
    })

    it('tells of rows in the outbox once they are committed, and again after its connection was cut', async () => {
      const fresh = await createDatabase()
      ends.push(fresh.drop)
      const store = await opened(fresh.url)
      let told = 0
      const end = await store.outbox.listen(() => told++)
      // It tells once when it begins to listen.
      const tellsAfter = async (act: () => Promise<unknown>) => {
        const before = told
        await act()
        await eventually('it is told', () => told > before)
      }
      await eventually('it listens', () => told > 0)
      const key = (id: string) => ({ group: 'test', source: '/test', id })
      const row = { sql: "insert into handoff_outbox (type, data) values ('hello', 'Hello')", params: [] }
      await tellsAfter(() => store.apply(key('1'), [row]))
      const listening = `select pg_terminate_backend(pid) from pg_stat_activity
        where query = 'LISTEN handoff_outbox' and datname = current_database()`
      await tellsAfter(() =>
        store.apply(key('2'), [
          { sql: `with cut as (${listening}) insert into effects (id) select '1' from cut`, params: [] },
        ]),
      )
      await tellsAfter(() => store.apply(key('3'), [row]))
      await end()
    })

    it('keeps no connection for a listener that was ended before it had one', async () => {
      const pool = createPool(database.url)
      ends.push(() => pool.end())
      const end = await new PostgresOutbox(pool).listen(() => {})
      await end()
      expect(pool.totalCount - pool.idleCount).toBe(0)
    })

    it('is migrated once by stores that open in the same instant', async () => {
      const fresh = await createDatabase()
      ends.push(fresh.drop)
      const stores = await Promise.all(Array.from({ length: 8 }, () => opened(fresh.url)))
      const rows = await stores[0]?.query('select name from handoff_migrations order by name')
      expect(rows).toEqual(
        migrationsOf('postgres').map((name) => ({
          name,
        })),
      )
    })

    it('that goes away is unavailable, and works again when it is back', async () => {
      const { store, proxy } = await openedThroughProxy()
      const key = newKey()
      proxy.cut()
      await expect(store.apply(key, [effect(key.id)])).rejects.toMatchObject(unavailable)
      await expect(store.interactive(key, () => Promise.resolve())).rejects.toMatchObject(unavailable)
      await expect(store.query('select 1 as one')).rejects.toMatchObject(unavailable)
      await expect(store.isDone(key)).rejects.toMatchObject(unavailable)
      await expect(store.reserve(key.id, 'print')).rejects.toMatchObject(unavailable)
      await expect(store.ping()).rejects.toMatchObject(unavailable)
      proxy.heal()
      await expect(store.ping()).resolves.toBeUndefined()
      await expect(store.apply(key, [effect(key.id)])).resolves.toBe('applied')
      await expect(countEffects(store, key.id)).resolves.toBe(1)
    })

    it('that has become read-only is unavailable, though it can be read', async () => {
      const fresh = await createDatabase()
      ends.push(fresh.drop)
      const { store, proxy } = await openedThroughProxy(fresh.url)
      const name = new URL(fresh.url).pathname.slice(1)
      const sql = `alter database ${name} set default_transaction_read_only = on`
      await expect(store.apply(newKey(), [{ sql, params: [] }])).resolves.toBe('applied')
      // It counts for new connections.
      proxy.cut()
      proxy.heal()
      await eventually('the lost connections were noticed', () => store.isDone(newKey()).then((isDone) => !isDone))
      await expect(store.ping()).rejects.toMatchObject(unavailable)
      await expect(store.isDone(newKey())).resolves.toBe(false)
    })

    it('that goes away inside a transaction leaves nothing and harms nobody', async () => {
      const { store, proxy } = await openedThroughProxy()
      const key = newKey()
      const outcome = store.interactive(key, async (transaction) => {
        const { sql, params } = effect(key.id)
        await transaction.run(sql, params)
        proxy.cut()
        await transaction.run(sql, params)
      })
      await expect(outcome).rejects.toMatchObject(unavailable)
      proxy.heal()
      await expect(store.isDone(key)).resolves.toBe(false)
      await expect(store.apply(key, [effect(key.id)])).resolves.toBe('applied')
    })

    it('whose answer to the commit is lost is unavailable, and the repeat finds the one effect', async () => {
      const { store, proxy } = await openedThroughProxy()
      const key = newKey()
      proxy.cutAfterSending('COMMIT')
      await expect(store.apply(key, [effect(key.id)])).rejects.toMatchObject(unavailable)
      const direct = await opened()
      // If the server is still committing, this one waits at the inbox row for the outcome.
      await expect(direct.apply(key, [effect(key.id)])).resolves.toBe('duplicate')
      await expect(countEffects(direct, key.id)).resolves.toBe(1)
    })

    it('that breaks a deadlock has both units applied', async () => {
      const store = await opened()
      const [left, right] = [newKey().id, newKey().id]
      const insert = 'insert into samples (id, whole) values ($1, 0)'
      await store.apply(
        newKey(),
        [left, right].map((id) => ({ sql: insert, params: [id] })),
      )
      const raise = (id: string) => ({ sql: 'update samples set whole = whole + 1 where id = $1', params: [id] })
      const slow = { sql: 'select pg_sleep(0.05)', params: [] }
      const outcomes = await Promise.all([
        store.apply(newKey('ledger'), [raise(left), slow, raise(right)]),
        store.apply(newKey('mail'), [raise(right), slow, raise(left)]),
      ])
      expect(outcomes).toEqual(['applied', 'applied'])
      const rows = await store.query('select whole from samples where id in ($1, $2)', [left, right])
      expect(rows).toEqual([{ whole: 2 }, { whole: 2 }])
    })

    it('lets concurrent units of a group share a commit, which shows in their transaction ids', async () => {
      const store = await opened()
      const keys = Array.from({ length: 40 }, () => newKey())
      await Promise.all(keys.map((key) => store.apply(key, [effect(key.id)])))
      const ids = keys.map(({ id }) => id)
      const [row] = await store.query(
        `select count(distinct xmin::text)::int as commits, count(*)::int as effects from effects
         where id in (${ids.map((_, at) => `$${at + 1}`).join(', ')})`,
        ids,
      )
      expect(row).toMatchObject({ effects: 40 })
      expect(row?.commits).toBeLessThanOrEqual(2)
    })

    it('with a locked table keeps waiting who writes to it, and nobody else of that group or of others', async () => {
      const store = await opened()
      await Promise.all(['ledger', 'mail', 'payments'].map((group) => store.apply(newKey(group), [])))
      const sessions = async () => {
        const rows = await store.query(`select pid from pg_stat_activity
          where datname = current_database() and application_name = 'handoff'`)
        return rows.map(({ pid }) => pid)
      }
      const before = await sessions()
      const locker = new Client({ connectionString: database.url })
      await locker.connect()
      ends.push(() => locker.end())
      await locker.query('begin; lock table unique_effects in access exclusive mode')
      const locked = (key: InboxKey) => ({ sql: 'insert into unique_effects (id) values ($1)', params: [key.id] })
      const stuck = ['ledger', 'mail', 'payments'].flatMap((group) => Array.from({ length: 20 }, () => newKey(group)))
      const ended: string[] = []
      const waiting = stuck.map((key) => store.apply(key, [locked(key)]).finally(() => ended.push(key.id)))
      const free = ['ledger', 'mail', 'payments', 'webhooks'].map((group) => newKey(group))
      const outcomes = await Promise.all(free.map((key) => store.apply(key, [effect(key.id)])))
      expect({ outcomes, ended }).toEqual({ outcomes: Array(4).fill('applied'), ended: [] })
      await locker.query('commit')
      await expect(Promise.all(waiting)).resolves.toEqual(Array(60).fill('applied'))
      // Who met the lock was rolled back; a connection that is sound is not given up for it.
      expect(await sessions()).toEqual(expect.arrayContaining(before))
    })

    it('has comments that nest, and settings that would stay', async () => {
      const store = await opened()
      const refused = 'the store begins and ends transactions itself'
      await expect(store.query('/* a /* b */ select */ commit')).rejects.toThrow(refused)
      await expect(store.query('set search_path = nowhere')).rejects.toThrow(refused)
      await expect(store.query('/* /* */ commit */ select 1 as one')).resolves.toEqual([{ one: 1 }])
    })

    it('that refuses the login is unavailable, in words without the password', async () => {
      const url = new URL(postgresUrl)
      url.username = 'nobody_of_this_name'
      url.password = 'hidden'
      const failure: unknown = await openStore({ url: url.href, migrations: [] }).catch((error: unknown) => error)
      expect(failure).toMatchObject({
        ...unavailable,
        message: expect.stringContaining('nobody_of_this_name') as string,
      })
      expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain('hidden')
    })
  })
})
