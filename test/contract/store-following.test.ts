/** How tables of a real database are followed, with an outbox in memory. */
import { Client } from 'pg'
import { Catalog } from '../../shared/following/catalog'
import { parseFollowed } from '../../shared/following/followed-table'
import { Follower } from '../../shared/following/follower'
import { ReplicationStream } from '../../shared/following/replication-stream'
import type { NewOutboxRow } from '../../shared/store/outbox'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { findPostgres, startPostgres, type OwnPostgres } from '../support/own-postgres'

const bin = findPostgres()
const hint = ' (skipped: PostgreSQL is not installed; install it with `apt-get install postgresql`)'
const [suite, name] = bin === undefined ? [describe.skip, `PostgreSQL${hint}`] : [describe, 'PostgreSQL']

suite(name, () => {
  let postgres: OwnPostgres
  let count = 0
  beforeAll(async () => {
    const plenty = { max_wal_senders: '30', max_replication_slots: '30' }
    postgres = await startPostgres(bin ?? '', { ...plenty, wal_level: 'logical' })
  })

  const connected = async (url: string) => {
    const client = new Client({ connectionString: url })
    await client.connect()
    atEnd(() => client.end())
    return client
  }

  /** A database of its own with what these statements make, and followers of its tables. */
  const stageOf = async (...making: readonly string[]) => {
    const slot = `following_${++count}`
    await (await connected(postgres.url)).query(`create database ${slot}`)
    const url = new URL(postgres.url)
    url.pathname = `/${slot}`
    const client = await connected(url.href)
    const sql = async (text: string) => (await client.query<Record<string, unknown>>(text)).rows
    for (const statement of making) await sql(statement)
    return { slot, url: url.href, sql, follow: (...tables: string[]) => followed({ slot, url: url.href, tables }) }
  }

  /** Follows tables by this slot until the end of the test. */
  const followed = ({ slot, url, tables }: { slot: string; url: string; tables: readonly string[] }) => {
    const rows: NewOutboxRow[] = []
    const states: string[] = []
    const outbox = {
      add: (added: readonly NewOutboxRow[]): Promise<void> => Promise.resolve(void rows.push(...added)),
    }
    const follower = new Follower({
      url,
      slot,
      tables: tables.map((table) => parseFollowed(`public.${table}:orders.changed`)),
      catalog: new Catalog(url),
      outbox: { add: (added) => outbox.add(added) },
      source: (table) => table,
      random: () => 0.999,
      events: { written: () => {}, state: (kind) => void states.push(kind), lag: () => {} },
    })
    follower.start()
    atEnd(() => follower.stop())
    const says = (status: string, detail: string) =>
      eventually(`it is ${status}: ${detail}`, () => {
        const found = follower.check()
        if (found.status !== status || found.detail?.includes(detail) !== true) throw new Error(JSON.stringify(found))
        return found.detail
      })
    return { rows, states, outbox, says }
  }

  const told = ({ rows }: { readonly rows: readonly NewOutboxRow[] }, atLeast: number) =>
    eventually(
      `${atLeast} changes`,
      () => rows.length >= atLeast && rows.map(({ data }) => JSON.parse(data) as unknown),
    )

  /** Runs what a detail says. */
  const runIn = async ({ sql }: { sql: (text: string) => Promise<unknown> }, detail: string) => {
    const [, statements = ''] = /run: ((?:ALTER|SELECT) .*?)(?: \(its .*)?$/.exec(detail) ?? []
    for (const statement of statements.split('; ')) await sql(statement)
  }

  const orders = 'create table orders (id int primary key, state text)'

  describe('a table that is followed', () => {
    const another = ['alter table orders rename to former', orders]

    test('and leaves the publication is told of, with what to run', async () => {
      const stage = await stageOf(orders)
      const follower = stage.follow('orders')
      await follower.says('ok', 'follows public.orders')
      for (const statement of another) await stage.sql(statement)
      const detail = await follower.says('failed', `the publication ${stage.slot} lacks the table public.orders; run: `)
      expect(detail).toContain('until it is added is in no message')
      await runIn(stage, detail)
      await follower.says('ok', 'follows public.orders')
      await stage.sql(`insert into orders values (1)`)
      expect(await told(follower, 1)).toMatchObject([{ operation: 'insert', key: { id: 1 } }])
    })

    test('may be replaced within one transaction, and nothing is lost', async () => {
      const stage = await stageOf(orders, 'create table others (id int primary key)')
      const follower = stage.follow('orders')
      await follower.says('ok', 'follows public.orders')
      await stage.sql('insert into orders values (1)')
      const publication = `alter publication ${stage.slot}`
      await stage.sql(
        ['begin', ...another, `${publication} add table orders`, `${publication} drop table former`, 'commit'].join(
          ';',
        ),
      )
      await stage.sql('insert into orders values (2)')
      expect(await told(follower, 2)).toMatchObject([{ key: { id: 1 } }, { key: { id: 2 } }])
      expect(follower.states).toEqual(['following'])
    })

    test('whose publication is gone is not published anew as if nothing had been lost', async () => {
      const stage = await stageOf(orders)
      const follower = stage.follow('orders')
      await follower.says('ok', 'follows public.orders')
      await stage.sql(`drop publication ${stage.slot}`)
      await runIn(stage, await follower.says('failed', `the publication ${stage.slot} is gone`))
      await follower.says('ok', 'follows public.orders')
      await stage.sql('insert into orders values (1)')
      expect(await told(follower, 1)).toMatchObject([{ key: { id: 1 } }])
    })
  })

  describe('before a table is published, an update can tell of which row it is', () => {
    test('also where each partition has to say so', async () => {
      const stage = await stageOf(
        'create table orders (id int, state text) partition by list (id)',
        'create table one partition of orders for values in (1)',
        'create table "Others" partition of orders default partition by list (id)',
        'create table two partition of "Others" for values in (2)',
      )
      const follower = stage.follow('orders')
      const detail = await follower.says(
        'failed',
        'public.orders has no primary key, so an update or a delete could not',
      )
      const full = (table: string) => `ALTER TABLE public.${table} REPLICA IDENTITY FULL`
      expect(detail?.split('run: ')[1]).toBe(['orders', 'one', 'two'].map(full).join('; '))
      await runIn(stage, detail)
      await follower.says('ok', 'follows public.orders')
      await stage.sql(`insert into orders values (1, 'new'), (2, 'new')`)
      await stage.sql(`update orders set state = 'paid'`)
      const [, , one, two] = await told(follower, 4)
      const row = (id: number, state: string) => ({ id, state })
      expect(one).toMatchObject({ table: 'public.orders', before: row(1, 'new'), after: row(1, 'paid') })
      expect(two).toMatchObject({ table: 'public.orders', before: row(2, 'new'), after: row(2, 'paid') })
    })

    test('and none of its partitions leaves columns out that the table promises', async () => {
      const stage = await stageOf(
        'create table orders (id int primary key, state text) partition by list (id)',
        'create table one partition of orders for values in (1)',
        'alter table orders replica identity full',
      )
      const follower = stage.follow('orders')
      const detail = await follower.says(
        'failed',
        'public.orders has REPLICA IDENTITY FULL and not every partition of it',
      )
      await runIn(stage, detail)
      await follower.says('ok', 'follows public.orders')
      await stage.sql(`insert into orders values (1, 'new')`)
      await stage.sql('delete from orders')
      const [, gone] = await told(follower, 2)
      expect(gone).toMatchObject({ operation: 'delete', before: { id: 1, state: 'new' } })
    })

    test('a primary key that may be checked late is none', async () => {
      const stage = await stageOf('create table orders (id int primary key deferrable, state text)')
      const follower = stage.follow('orders')
      const detail = await follower.says(
        'failed',
        'public.orders has a primary key that is deferrable, which is none to ',
      )
      await runIn(stage, detail)
      await follower.says('ok', 'follows public.orders')
      await stage.sql(`insert into orders values (1, 'new')`)
      await stage.sql(`update orders set state = 'paid'`)
      expect(await told(follower, 2)).toMatchObject([{ key: { id: 1 } }, { key: { id: 1 } }])
    })
  })

  test('a store that is away is asked ever more seldom, however well the database answers', async () => {
    const stage = await stageOf(orders)
    const follower = stage.follow('orders')
    await follower.says('ok', 'follows public.orders')
    const { add } = follower.outbox
    const asked: number[] = []
    follower.outbox.add = () => {
      asked.push(performance.now())
      return Promise.reject(new Error('the store is away'))
    }
    await stage.sql('insert into orders values (1)')
    // With all of the jitter: 399, 599, 999, 1,798, 1,999; from the beginning again after a connection that read further
    // in the log, which other work of the database can be the reason for.
    const waits = () => asked.slice(1).map((at, before) => at - (asked[before] ?? 0))
    const areLong = () =>
      waits().length >= 3 &&
      waits()
        .slice(-3)
        .every((ms) => ms > 950)
    await eventually('it was asked three times with a second in between', areLong)
    follower.outbox.add = add
    expect(await told(follower, 1)).toMatchObject([{ key: { id: 1 } }])
    await follower.says('ok', 'follows public.orders')
  })

  test('a slot that is still being made does not count as made', async () => {
    const stage = await stageOf(orders)
    const holder = await connected(stage.url)
    await holder.query('begin; create table open ()')
    const first = stage.follow('orders')
    const ofSlot = `select confirmed_flush_lsn from pg_replication_slots where slot_name = '${stage.slot}'`
    await eventually('the slot is being made', async () => (await stage.sql(ofSlot)).length === 1)
    expect(await stage.sql(ofSlot)).toEqual([{ confirmed_flush_lsn: null }])
    await stage.follow('orders').says('ok', 'stands by')
    const comment = `select obj_description(oid, 'pg_publication') as comment from pg_publication`
    expect(await stage.sql(comment)).toEqual([{ comment: 'Handoff: its replication slot is not made yet' }])
    await holder.query('rollback')
    await first.says('ok', 'public.orders')
    await eventually('it counts as made', async () => {
      const [row] = await stage.sql(comment)
      return row?.['comment'] === 'Handoff: its replication slot was made'
    })
  })

  test('values have their form whatever options the URL brings', async () => {
    const stage = await stageOf('create table orders (id int primary key, day date)')
    const url = new URL(stage.url)
    url.searchParams.set('options', '-c datestyle=German')
    const follower = followed({ slot: stage.slot, url: url.href, tables: ['orders'] })
    await follower.says('ok', 'follows public.orders')
    await stage.sql(`insert into orders values (1, '2026-11-28')`)
    expect(await told(follower, 1)).toMatchObject([{ after: { day: '2026-11-28' } }])
  })

  test('a database that falls silent before the stream has begun is given up', async () => {
    const stage = await stageOf(orders)
    const stream = await ReplicationStream.connect({ url: stage.url, slot: stage.slot })
    atEnd(() => stream.close())
    await postgres.pause()
    atEnd(() => postgres.resume())
    await expect(Promise.all([stream.systemId(), stream.start()])).rejects.toThrow(/took longer|timeout/)
  })

  test('a slot that something else has made is left alone', async () => {
    const stage = await stageOf(orders)
    await stage.sql(`select pg_create_physical_replication_slot('${stage.slot}')`)
    await stage.follow('orders').says('failed', 'choose another name by FOLLOW_SLOT')
  })

  test('the key of a row has no column that its index only carries', async () => {
    const stage = await stageOf(
      'create table orders (id int, state text, primary key (id) include (state))',
      'alter table orders replica identity full',
    )
    const follower = stage.follow('orders')
    await follower.says('ok', 'follows public.orders')
    await stage.sql(`insert into orders values (1, 'new')`)
    await stage.sql(`update orders set state = 'paid'`)
    expect((await told(follower, 2)).map((change) => (change as { key: unknown }).key)).toEqual([{ id: 1 }, { id: 1 }])
  })

  test('a publication that waits for a lock keeps no process of the database waiting once it is given up', async () => {
    const stage = await stageOf(orders)
    const holder = await connected(stage.url)
    await holder.query('begin')
    await holder.query('lock table orders in access exclusive mode')
    const follower = stage.follow('orders')
    await follower.says('degraded', 'lock timeout')
    const waiting = `select count(*)::int as n from pg_stat_activity where datname = '${stage.slot}' and wait_event_type = 'Lock'`
    await eventually('nothing waits', async () => (await stage.sql(waiting))[0]?.['n'] === 0)
    await holder.query('commit')
    await follower.says('ok', 'follows public.orders')
  })
})
