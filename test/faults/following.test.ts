/** What becomes of a followed table is told, once and in order, whatever happens to those who take part. */
import { readFileSync } from 'node:fs'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { figure } from '../support/figures'
import { howMany } from '../support/how-many'
import { findPostgres, startPostgres, type OwnPostgres } from '../support/own-postgres'
import { proxiedBroker } from '../support/proxied-broker'
import type { RunningService } from '../support/service'
import { followingStage, type FollowingStage, type Told } from './following-stage'
import { eventuallySays } from './ready'

const broker = useBroker()
const bin = findPostgres()
const hint = ' (skipped: PostgreSQL is not installed; install it with `apt-get install postgresql`)'
const [suite, name] = bin === undefined ? [describe.skip, `PostgreSQL${hint}`] : [describe, 'PostgreSQL']
const plenty = { max_wal_senders: '20', max_replication_slots: '20' }

function mostResidentMiB(pid: number): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1_024
}

suite(name, () => {
  let postgres: OwnPostgres
  const stageOf = (namespace: string) => followingStage(broker, namespace, postgres.url)
  beforeAll(async () => {
    postgres = await startPostgres(bin ?? '', { ...plenty, wal_level: 'logical' })
  })

  const insert = ({ sql }: FollowingStage, from: number, to: number) =>
    sql('insert into orders select n, $3 from generate_series($1::int, $2::int) n', [from, to, 'new'])
  const ids = (told: readonly Told[]) => told.map(({ id }) => id)
  const eventuallyTold = (stage: FollowingStage, count: number) =>
    eventually(`${count} messages`, () => stage.told().length >= count && stage.told())

  /** The database needs nothing of its log for the slot any more. */
  const eventuallyConfirmed = async ({ sql, slot }: FollowingStage, withinMs = 30_000) => {
    const end = await logEnd(sql)
    const isConfirmed = async () => {
      const [row] = await sql(
        'select confirmed_flush_lsn >= $2::pg_lsn as done from pg_replication_slots where slot_name = $1',
        [slot, end],
      )
      return row?.['done'] === true
    }
    return eventually('the database need keep nothing any more', isConfirmed, { withinMs })
  }
  const logEnd = async (sql: FollowingStage['sql']) =>
    (await sql('select pg_current_wal_lsn()::text as lsn'))[0]?.['lsn']

  /** As the database wrote them; the broker gets those of different rows side by side. */
  const byPosition = (told: readonly Told[]) => [...told].sort((a, b) => (a.position < b.position ? -1 : 1))
  const plain = ({ operation, key, before, after }: Told) => ({ operation, key, before, after })

  test('insert, update, delete and truncate are told, what was rolled back is not', async () => {
    const stage = await stageOf('follow')
    const consumer = await stage.consumer()
    const { sql } = stage
    await sql(`begin; insert into orders values (1, 'rolled back'); rollback`)
    await sql(`insert into orders values (1, 'new', '"noted"')`)
    await sql(`update orders set state = 'paid' where id = 1`)
    await sql(`begin; update orders set id = 2 where id = 1; delete from orders where id = 2; commit`)
    await sql('truncate orders')
    const told = await eventuallyTold(stage, 5)
    expect(byPosition(told).map(plain)).toEqual([
      { operation: 'insert', key: { id: 1 }, after: { id: 1, state: 'new', note: '"noted"' } },
      { operation: 'update', key: { id: 1 }, after: { id: 1, state: 'paid', note: '"noted"' } },
      { operation: 'update', key: { id: 2 }, before: { id: 1 }, after: { id: 2, state: 'paid', note: '"noted"' } },
      { operation: 'delete', key: { id: 2 } },
      { operation: 'truncate' },
    ])
    expect(new Set(ids(told)).size).toBe(5)
    expect(told.every(({ table }) => table === 'public.orders')).toBe(true)
    const { checks } = await eventuallySays(consumer, 'ready')
    expect(checks['following']?.detail).toMatch(/^follows public\.orders; the database keeps \d+ bytes/)
    // What happens to other tables is not kept for us either.
    await sql('create table others as select n from generate_series(1, 1000) n')
    await eventuallyConfirmed(stage)
  })

  test('the changes of a row are told in their order', async () => {
    const stage = await stageOf('follow-order')
    await stage.consumer()
    await insert(stage, 1, 20)
    for (let round = 1; round <= 10; round++) await stage.sql('update orders set state = $1', [`round ${round}`])
    const told = await eventuallyTold(stage, 220)
    for (const [, ofRow] of Map.groupBy(told, ({ key }) => key?.['id']))
      expect(ofRow.map(({ position }) => position)).toEqual(byPosition(ofRow).map(({ position }) => position))
  })

  test('a long value that an update left alone is missing, unless the table tells of all that was', async () => {
    const stage = await stageOf('follow-long')
    await stage.consumer()
    await stage.sql('alter table orders alter column note set storage external')
    await stage.sql(`insert into orders values (1, 'new', repeat('long', 5000))`)
    await stage.sql(`update orders set state = 'paid'`)
    await stage.sql('alter table orders replica identity full')
    await stage.sql(`update orders set state = 'sent'`)
    await stage.sql('delete from orders')
    const [, paid, sent, gone] = byPosition(await eventuallyTold(stage, 4))
    const note = 'long'.repeat(5_000)
    expect(paid?.after).toEqual({ id: 1, state: 'paid' })
    expect(sent).toMatchObject({
      key: { id: 1 },
      before: { state: 'paid', note },
      after: { id: 1, state: 'sent', note },
    })
    expect(gone).toMatchObject({ key: { id: 1 }, before: { id: 1, state: 'sent', note } })
  })

  test('a row that does not fit its type is kept with why, and the others go on', async () => {
    const stage = await stageOf('follow-misfit')
    const consumer = await stage.consumer()
    await stage.sql('insert into orders values (9007199254740993)')
    await stage.sql('alter table orders add column extra int')
    await stage.sql('insert into orders values (1, null, null, 5)')
    await stage.sql('alter table orders drop column extra')
    await stage.sql('insert into orders values (2)')
    expect((await eventuallyTold(stage, 1)).map(plain)).toEqual([
      { operation: 'insert', key: { id: 2 }, after: { id: 2, state: null, note: null } },
    ])
    // Counted anew every two seconds.
    await eventually('both are told of', async () => {
      const { checks } = await eventuallySays(consumer, 'degraded')
      return checks['outbox']?.detail.startsWith('2 rows are no message')
    })
    expect(await stage.refused()).toEqual([
      'the data does not fit: /after/id must be integer',
      'the data does not fit: /after/extra is not a known property',
    ])
    await eventuallyConfirmed(stage)
  })

  test('killed between writing and confirming: told again under the same ids, one effect', async () => {
    const stage = await stageOf('follow-killed')
    const victim = await stage.consumer({ FAILPOINTS: 'follow.stored=kill' })
    await insert(stage, 1, 100)
    expect(await victim.exited).toEqual({ code: null, signal: 'SIGKILL' })
    await stage.consumer()
    const effects = await stage.settled(100)
    expect(new Set(ids(effects)).size).toBe(100)
    // How many of them were read together, and so written twice, is the network's affair.
    const told = await eventuallyTold(stage, 101)
    expect(new Set(ids(told))).toEqual(new Set(ids(effects)))
    expect(await stage.effects()).toHaveLength(100)
  })

  test('the broker is away: the database is rid of its log, and all is told later', async () => {
    const stage = await stageOf('follow-broker')
    const { proxy, url } = await proxiedBroker(broker.url)
    await stage.consumer({ BROKER_URL: url })
    proxy.refuse()
    proxy.cut()
    await insert(stage, 1, 500)
    await eventuallyConfirmed(stage)
    expect(stage.told()).toHaveLength(0)
    proxy.accept()
    expect(new Set(ids(await stage.settled(500))).size).toBe(500)
  })

  test('the database is killed under load and started again: nothing is lost', async () => {
    const stage = await stageOf('follow-database')
    const consumer = await stage.consumer()
    const committed = new Set<number>()
    let next = 0
    const load = { isOver: false }
    const loading = (async () => {
      while (!load.isOver) {
        const id = ++next
        await insert(stage, id, id).then(
          () => committed.add(id),
          () => {},
        )
      }
    })()
    for (let kill = 1; kill <= howMany({ sampled: 1, long: 10 }); kill++) {
      const enough = committed.size + 30
      await eventually('changes are committed', () => committed.size >= enough)
      await postgres.kill()
      await eventuallySays(consumer, 'degraded')
      await postgres.start()
    }
    const enough = committed.size + 30
    await eventually('changes are committed again', () => committed.size >= enough)
    load.isOver = true
    await loading
    // What was committed as the server was killed may not have been answered.
    const rows = await stage.sql('select id::int as id from orders order by id')
    const inDatabase = rows.map(({ id }) => id)
    const effects = await stage.settled(inDatabase.length)
    expect(effects.map(({ key }) => key?.['id']).sort((a, b) => Number(a) - Number(b))).toEqual(inDatabase)
    await eventuallySays(consumer, 'ready')
  })

  test('of two consumers one follows; the other takes over when the first is killed', async () => {
    const stage = await stageOf('follow-two')
    const first = await stage.consumer()
    await insert(stage, 1, 10)
    await stage.settled(10)
    const second = await stage.consumer()
    const stands = await eventuallySays(second, 'ready')
    expect(stands.checks['following']?.detail).toMatch(/^stands by: the slot is read through/)
    first.kill('SIGKILL')
    await first.exited
    const killedAt = performance.now()
    await insert(stage, 11, 20)
    const effects = await stage.settled(20)
    figure('told by the second consumer', performance.now() - killedAt, 'ms')
    expect(effects).toHaveLength(20)
    expect((await eventuallySays(second, 'ready')).checks['following']?.detail).toMatch(/^follows/)
  })

  test('a transaction larger than memory should be held goes through in parts', async () => {
    const stage = await stageOf('follow-large')
    const { proxy, url } = await proxiedBroker(broker.url)
    // Without its broker it sends nothing, so that what it holds is what it has read.
    const consumer = await stage.consumer({ BROKER_URL: url })
    proxy.refuse()
    proxy.cut()
    const rows = howMany({ sampled: 20_000, long: 100_000 })
    const noteLength = 10_000
    const insertLong = async (from: number, to: number) => {
      const long = `select n, 'new', repeat('x', ${noteLength}) from generate_series(${from}, ${to}) n`
      await stage.sql(`insert into orders ${long}`)
      await eventuallyConfirmed(stage, 120_000)
    }
    // Memory that is free for use again is counted as well, so that a first one takes what any needs.
    await insertLong(1 - rows / 4, 0)
    const before = mostResidentMiB(consumer.pid)
    await insertLong(1, rows)
    const grown = mostResidentMiB(consumer.pid) - before
    figure('grown by a transaction', grown, 'MiB')
    const written = (rows * noteLength) / 1_048_576
    expect(written).toBeGreaterThan(190)
    // Most of it is memory that is free to be used again; held at once, it would be more than what was written.
    expect(grown).toBeLessThan(150)
    expect(await stage.waiting()).toBe(rows + rows / 4)
  })
})

suite(`${name}, in want of something`, () => {
  const detailOf = async (service: RunningService) => {
    const { checks } = await eventuallySays(service, 'not_ready')
    // Nothing else is harmed.
    for (const [check, { ok }] of Object.entries(checks)) expect([check, ok]).toEqual([check, check !== 'following'])
    return checks['following']?.detail
  }
  let postgres: OwnPostgres
  let number = 0
  const stageOf = (on = postgres) => followingStage(broker, `wanting-${++number}`, on.url)
  const unready = (stage: FollowingStage, settings = {}) => stage.consumer(settings, { until: 'spawned' })
  beforeAll(async () => {
    postgres = await startPostgres(bin ?? '', { ...plenty, wal_level: 'logical' })
  })
  const told = async (service: RunningService, begins: string) => {
    await eventually('it says what is wrong', async () => {
      const detail = await detailOf(service)
      if (detail?.startsWith(begins) !== true) throw new Error(detail)
      return true
    })
  }
  const runWhatItSays = async ({ sql }: FollowingStage, service: RunningService) => {
    const [, statements = ''] = /run: ((?:ALTER|SELECT) .*?)(?: \(its .*)?$/.exec((await detailOf(service)) ?? '') ?? []
    for (const statement of statements.split('; ')) await sql(statement)
    await eventuallySays(service, 'ready')
  }

  test('the wal_level is told, and the following begins once it is mended', async () => {
    const own = await startPostgres(bin ?? '')
    const stage = await stageOf(own)
    const consumer = await unready(stage)
    await told(
      consumer,
      'the database has wal_level = replica; run "ALTER SYSTEM SET wal_level = logical" there and restart PostgreSQL',
    )
    await stage.sql(`alter system set wal_level = 'logical'`)
    await own.kill()
    await own.start()
    await eventuallySays(consumer, 'ready')
    await stage.sql('insert into orders values (1)')
    await stage.settled(1)
  })

  test('what the database lacks is told with what to run, and that helps', async () => {
    const stage = await stageOf()
    await stage.sql('create table "Odd" (id int, state text)')
    const consumer = await unready(stage, { FOLLOW_TABLES: 'public.orders:orders.changed,public.Odd:orders.changed' })
    await told(
      consumer,
      'public.Odd has no primary key, so an update or a delete could not say of which row it is; add one, or run: ',
    )
    await runWhatItSays(stage, consumer)
    await stage.sql(`alter publication ${stage.slot} drop table "Odd"`)
    consumer.kill('SIGKILL')
    const next = await unready(stage, { FOLLOW_TABLES: 'public.orders:orders.changed,public.Odd:orders.changed' })
    await told(next, `the publication ${stage.slot} lacks the table public.Odd; run: `)
    await runWhatItSays(stage, next)
    await stage.sql('insert into "Odd" values (7)')
    const [effect] = await stage.settled(1)
    expect(effect).toMatchObject({ table: 'public.Odd', key: {}, after: { id: 7, state: null } })
  })

  test('a table that is not there is named', async () => {
    const stage = await stageOf()
    const consumer = await unready(stage, { FOLLOW_TABLES: 'public.none:orders.changed' })
    await told(consumer, 'the database has no table public.none; make it, or take it out of FOLLOW_TABLES')
  })

  test('a slot that is gone is not made again', async () => {
    const stage = await stageOf()
    const first = await stage.consumer()
    first.kill('SIGTERM')
    expect(await first.exited).toEqual({ code: 0, signal: null })
    await stage.sql('select pg_drop_replication_slot($1)', [stage.slot])
    const consumer = await unready(stage)
    await told(consumer, `the replication slot ${stage.slot} is gone, or was never made beside the publication`)
    await runWhatItSays(stage, consumer)
  })

  test('a slot whose log was deleted is not made again', async () => {
    const stage = await stageOf()
    const first = await stage.consumer()
    first.kill('SIGTERM')
    await first.exited
    await stage.sql(`alter system set max_slot_wal_keep_size = '1MB'`)
    await stage.sql('select pg_reload_conf()')
    for (let segment = 1; segment <= 4; segment++) {
      await stage.sql('insert into orders values ($1)', [segment])
      await stage.sql('select pg_switch_wal()')
    }
    await stage.sql('checkpoint')
    const consumer = await unready(stage)
    await told(consumer, `the replication slot ${stage.slot} is lost: `)
    await runWhatItSays(stage, consumer)
    await stage.sql('insert into orders values (10)')
    expect((await stage.settled(1)).map(({ key }) => key)).toEqual([{ id: 10 }])
  })
})
