import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import { openStore } from '../../shared/store/open-store'
import { journalFileOf } from '../../shared/store/sqlite/journal-file'
import type { Store } from '../../shared/store/store'
import { childEnd, startChild } from './store-child'
import { storeContract } from './store-contract'
import { countEffects, effect, effectTables, migrationsOf, newKey } from './store-effects'

const folder = mkdtempSync(join(tmpdir(), 'handoff-store-'))
afterAll(() => rmSync(folder, { recursive: true }))

const contractUrl = `sqlite:${join(folder, 'new', 'contract.db')}`
storeContract(
  'SQLite',
  (migrations) => openStore({ url: contractUrl, migrations }),
  () => contractUrl,
)

describe('a SQLite file', () => {
  const ends: (() => unknown)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })

  async function opened(name: string): Promise<{ store: Store; file: string }> {
    const file = join(folder, name)
    const store = await openStore({ url: `sqlite:${file}`, migrations: [effectTables] })
    ends.push(() => store.close())
    return { store, file }
  }

  it('is not kept from writing by who writes the journal, which has a file of its own', async () => {
    const { store, file } = await opened('beside.db')
    await store.journal.position('log')
    const other = new DatabaseSync(journalFileOf(file))
    ends.push(() => other.close())
    other.exec('begin immediate')
    await expect(store.reserve('a', 'fingerprint')).resolves.toEqual({ kind: 'new' })
    const advancing = store.journal.advance({ log: 'log', from: undefined, to: undefined, keys: [], update: () => [] })
    other.exec('commit')
    await expect(advancing).resolves.toBe('advanced')
  })

  it('says which file of the journal is damaged, and does with a new one', async () => {
    const { store, file } = await opened('damaged.db')
    writeFileSync(journalFileOf(file), 'no database'.repeat(1_000))
    const reading = () => store.journal.latest(1)
    await expect(reading()).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining(journalFileOf(file)) as string,
    })
    await expect(store.reserve('a', 'fingerprint')).resolves.toEqual({ kind: 'new' })
    rmSync(journalFileOf(file))
    await expect(reading()).resolves.toEqual([])
  })

  it('has no journal where nobody needs it', async () => {
    const { store, file } = await opened('alone.db')
    await store.reserve('a', 'fingerprint')
    await store.journal.clean(0, new AbortController().signal)
    await store.close()
    expect(existsSync(journalFileOf(file))).toBe(false)
  })

  it('is migrated once by processes that start at the same time', async () => {
    const url = `sqlite:${join(folder, 'starting.db')}`
    const children = Array.from({ length: 3 }, () => startChild('store-open-child.ts', [url, effectTables]))
    const outcomes = await Promise.all(children.map(childEnd))
    expect(outcomes).toEqual(Array(3).fill({ output: 'opened\n', end: 0 }))
    const { store } = await opened('starting.db')
    const rows = await store.query('select name from handoff_migrations order by name')
    expect(rows).toEqual(
      migrationsOf('sqlite').map((name) => ({
        name,
      })),
    )
  })

  it('holds each unit whole or not at all after kill -9, and all that were said to be applied', async () => {
    const file = join(folder, 'crash.db')
    const child = startChild('store-load-child.ts', [`sqlite:${file}`])
    ends.push(() => child.kill('SIGKILL'))
    const ended = childEnd(child)
    let lines = 0
    child.stdout.on('data', (text: string) => {
      lines += text.split('\n').length - 1
      if (lines > 500) child.kill('SIGKILL')
    })
    const { output, end } = await ended
    expect(end).toBe('SIGKILL')

    const { store } = await opened('crash.db')
    const units =
      await store.query(`select inbox.id, (select count(*) from effects where effects.id = inbox.id) as effects
      from handoff_inbox inbox where group_name = 'crash'`)
    expect(units.filter(({ effects }) => effects !== 2)).toEqual([])
    await expect(store.query('select count(*) as number from effects')).resolves.toEqual([{ number: units.length * 2 }])
    const kept = new Set(units.map(({ id }) => id))
    const acknowledged = output.split('\n').slice(0, -1)
    expect(acknowledged.length).toBeGreaterThan(500)
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([])
  })

  it('waits for another process that writes, and goes on when that ends', async () => {
    const { store, file } = await opened('shared.db')
    const other = new DatabaseSync(file)
    ends.push(() => other.close())
    other.exec('begin immediate')
    const key = newKey()
    const outcome = store.apply(key, [effect(key.id)])
    // The first turn asks for the flush, the second runs it into the lock.
    await setImmediate()
    await setImmediate()
    await expect(countEffects(store, key.id)).resolves.toBe(0)
    await expect(store.query('select 1 as one')).resolves.toEqual([{ one: 1 }])
    other.exec('commit')
    await expect(outcome).resolves.toBe('applied')
  })

  it('that stays locked is unavailable, for all who wait', async () => {
    const { store, file } = await opened('locked.db')
    const other = new DatabaseSync(file)
    ends.push(() => other.close())
    other.exec('begin immediate')
    const outcomes = await Promise.allSettled([store.apply(newKey(), []), store.reserve('id', 'print')])
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'STORE_UNAVAILABLE' } })
    other.exec('rollback')
    await expect(store.apply(newKey(), [])).resolves.toBe('applied')
  })

  it('loses no neighbour to a unit that rolls the shared transaction back', async () => {
    const { store } = await opened('rollback.db')
    await store.apply(newKey(), [{ sql: `insert into unique_effects (id) values ('taken')`, params: [] }])
    const keys = Array.from({ length: 10 }, () => newKey())
    const taken = { sql: `insert or rollback into unique_effects (id) values ('taken')`, params: [] }
    const outcomes = await Promise.allSettled(
      keys.map((key, index) => store.apply(key, [effect(key.id), ...(index === 5 ? [taken] : [])])),
    )
    const rejected = outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))
    expect(rejected).toEqual([5])
    expect(outcomes[5]).toHaveProperty('reason.message', expect.stringContaining('UNIQUE'))
    const counts = await Promise.all(keys.map(({ id }) => countEffects(store, id)))
    expect(counts).toEqual(keys.map((_, index) => (index === 5 ? 0 : 1)))
  })

  it('lets concurrent units share a commit, which shows in the write-ahead log', async () => {
    const { store, file } = await opened('grouped.db')
    const logBytes = () => statSync(`${file}-wal`).size
    const grownBy = async (work: () => Promise<unknown>) => {
      const before = logBytes()
      await work()
      return logBytes() - before
    }
    const units = Array.from({ length: 100 }, () => newKey())
    const together = await grownBy(() => Promise.all(units.map((key) => store.apply(key, []))))
    const apart = await grownBy(async () => {
      for (const { id } of units) await store.apply(newKey(), [effect(id)])
    })
    expect(together).toBeLessThan(apart / 5)
  })

  it('that takes no writes is unavailable, though it can be read', async () => {
    const { store, file } = await opened('locked.db')
    const other = new DatabaseSync(file)
    ends.push(() => other.close())
    other.exec('begin immediate')
    const turns = monitorEventLoopDelay({ resolution: 5 })
    turns.enable()
    await expect(store.ping()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    turns.disable()
    // The waiting must not keep the process from everything else.
    expect(turns.percentile(50) / 1e6).toBeLessThan(100)
    await expect(store.isDone(newKey())).resolves.toBe(false)
    other.exec('rollback')
    await expect(store.ping()).resolves.toBeUndefined()
  })

  it('that was deleted under a running service takes nothing more', async () => {
    const { store, file } = await opened('deleted.db')
    await expect(store.ping()).resolves.toBeUndefined()
    rmSync(file)
    await expect(store.apply(newKey(), [])).rejects.toThrow('was deleted or replaced')
    writeFileSync(file, '')
    await expect(store.apply(newKey(), [])).rejects.toThrow('was deleted or replaced')
    await expect(store.ping()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })

  it('binds parameters by their number, and leaves what only looks like one alone', async () => {
    const { store } = await opened('numbers.db')
    const sql = `select $2 as b, $1 as a, $2 as again, '$1 it''s $2' as text /* $1 */ -- $2`
    expect(await store.query(sql, ['first', 2])).toEqual([{ b: 2, a: 'first', again: 2, text: "$1 it's $2" }])
    const many = Array.from({ length: 12 }, (_, at) => at + 1)
    const [row] = await store.query(`select ${many.map((at) => `$${at} as c${at}`).join(', ')}`, many)
    expect(Object.values(row ?? {})).toEqual(many)
  })

  it('takes only placeholders that PostgreSQL takes too', async () => {
    const { store } = await opened('placeholders.db')
    await expect(store.query('select ? as one', ['x'])).rejects.toThrow('"?" is no placeholder here')
    await expect(store.query('select :name as one')).rejects.toThrow('":name" is no placeholder here')
    await expect(store.query(`select '$1 ? :name' as "a:b" -- $2`)).resolves.toEqual([{ 'a:b': '$1 ? :name' }])
    await expect(store.query('pragma journal_mode')).rejects.toThrow('is refused')
  })
})

describe('openStore', () => {
  it.each([
    'mysql://user:hidden@host/db',
    'hidden',
    'sqlite::memory:',
    'sqlite:',
    'sqlite://a/b',
    'postgres://u:hidden@h:x/',
  ])('refuses %s in words that help and keep the password', async (url) => {
    const failure = await openStore({ url, migrations: [] }).then(
      () => 'opened',
      (error: Error) => error.message,
    )
    expect(failure).toMatch(/use sqlite:PATH|write sqlite:PATH|cannot be read/)
    expect(failure).not.toContain('hidden')
  })
})
