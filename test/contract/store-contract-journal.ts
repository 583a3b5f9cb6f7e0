import type { JournalAdvance, JournalKey, JournalPosition, JournalRow } from '../../shared/store/journal-table'
import type { Store } from '../../shared/store/store'
import { onJournal } from '../support/on-store'
import { newKey } from './store-effects'

const rowOf = (key: JournalKey, change: Partial<JournalRow> = {}): JournalRow => ({
  ...key,
  type: 'order.placed',
  state: 'accepted',
  correlationId: undefined,
  causationId: undefined,
  steps: '[]',
  ...change,
})

/** What the log of steps says of each message, and the place in that log. */
export function journalContract(opened: () => Store, url: () => string): void {
  describe('the journal', () => {
    const log = 'test'
    const journal = () => {
      const table = opened().journal
      return {
        position: () => table.position(log),
        advance: (step: Omit<JournalAdvance, 'log'>) => table.advance({ log, ...step }),
        find: (id: string) => table.find(id, undefined, 20),
        followers: (id: string, most: number) => table.followers(id, most),
        family: (id: string, most: number) => table.family(id, most),
      }
    }
    const freshKey = (): JournalKey => ({ source: '/test', id: newKey().id })
    let offset = 0
    const next = (): JournalPosition => ({ offset: offset++, id: `entry-${offset}` })

    /** Moves on from wherever the table is. */
    async function write(...rows: readonly JournalRow[]) {
      const from = await journal().position()
      const keys = rows.map(({ source, id }) => ({ source, id }))
      return journal().advance({ from, to: next(), keys, update: () => rows })
    }

    it('is at its beginning until something is written', async () => {
      await expect(journal().position()).resolves.toBeUndefined()
      const to = next()
      const row = rowOf(freshKey())
      await expect(journal().advance({ from: undefined, to, keys: [row], update: () => [row] })).resolves.toBe(
        'advanced',
      )
      await expect(journal().position()).resolves.toEqual(to)
      await expect(journal().find(row.id)).resolves.toEqual([row])
    })

    it.each([
      ['the beginning', undefined],
      ['another offset', { offset: 1e9, id: 'entry-1' }],
    ])('writes nothing when it is not at %s', async (_, from) => {
      await write()
      const before = await journal().position()
      const row = rowOf(freshKey())
      const update = () => [row]
      await expect(journal().advance({ from, to: next(), keys: [row], update })).resolves.toBe('elsewhere')
      await expect(journal().position()).resolves.toEqual(before)
      await expect(journal().find(row.id)).resolves.toEqual([])
    })

    it('takes an entry of the same offset for another', async () => {
      await write()
      const { offset: same } = (await journal().position()) as JournalPosition
      const from = { offset: same, id: 'of another log' }
      await expect(journal().advance({ from, to: next(), keys: [], update: () => [] })).resolves.toBe('elsewhere')
    })

    it('goes back where the log was begun anew', async () => {
      await write()
      const from = await journal().position()
      const to = { offset: 0, id: 'anew' }
      await expect(journal().advance({ from, to, keys: [], update: () => [] })).resolves.toBe('advanced')
      await expect(journal().position()).resolves.toEqual(to)
    })

    it('shows the rows that there are, and only those, to what is made of them', async () => {
      const [known, unknown] = [freshKey(), freshKey()]
      const row = rowOf(known, { correlationId: 'whole', causationId: 'cause', steps: '["ä\\u0000"]' })
      await write(row, rowOf({ ...known, source: '/other' }))
      let kept: readonly JournalRow[] = []
      const from = await journal().position()
      await journal().advance({
        from,
        to: next(),
        keys: [known, unknown],
        update: (rows) => {
          kept = rows
          return [{ ...row, state: 'processed', steps: '[1]' }, rowOf(unknown)]
        },
      })
      expect(kept).toEqual([row])
      await expect(journal().find(known.id)).resolves.toEqual([
        rowOf({ ...known, source: '/other' }),
        { ...row, state: 'processed', steps: '[1]' },
      ])
      await expect(journal().find(unknown.id)).resolves.toHaveLength(1)
    })

    it('writes all or nothing', async () => {
      const row = rowOf(freshKey())
      const before = await journal().position()
      const failing = () => {
        throw new Error('no row comes of it')
      }
      const from = before
      await expect(journal().advance({ from, to: next(), keys: [row], update: failing })).rejects.toThrow('no row')
      await expect(journal().position()).resolves.toEqual(before)
      await expect(write(row)).resolves.toBe('advanced')
    })

    it('lets one of many advance from the same position', async () => {
      await write()
      const from = await journal().position()
      const results = await Promise.all(
        Array.from({ length: 8 }, () => journal().advance({ from, to: next(), keys: [], update: () => [] })),
      )
      expect(results.filter((result) => result === 'advanced')).toHaveLength(1)
    })

    it('finds what followed from a message and what belongs to a whole, oldest first, so many of them', async () => {
      const cause = freshKey().id
      for (let at = 0; at < 4; at++)
        await write(rowOf({ source: '/test', id: `${cause}-${at}` }, { causationId: cause, correlationId: cause }))
      const ids = (rows: readonly JournalRow[]) => rows.map(({ id }) => id)
      await expect(journal().followers(cause, 3).then(ids)).resolves.toEqual([0, 1, 2].map((at) => `${cause}-${at}`))
      await expect(journal().family(cause, 2).then(ids)).resolves.toEqual([0, 1].map((at) => `${cause}-${at}`))
      await expect(journal().followers('nobody', 3)).resolves.toEqual([])
    })

    it('knows which came last', async () => {
      const rows = [freshKey(), freshKey()].map((key) => rowOf(key))
      await write(...rows)
      const latest = await opened().journal.latest(1_000)
      expect(latest.map(({ id }) => id)).toEqual(expect.arrayContaining(rows.map(({ id }) => id)))
      expect(await opened().journal.latest(1)).toHaveLength(1)
    })

    it('finds those of one source, and no more than are wanted', async () => {
      const { id } = freshKey()
      const rows = ['/a', '/b', '/c'].map((source) => rowOf({ source, id }))
      await write(...rows)
      await expect(opened().journal.find(id, '/b', 20)).resolves.toEqual([rows[1]])
      await expect(opened().journal.find(id, undefined, 2)).resolves.toEqual(rows.slice(0, 2))
    })

    it('keeps a place for each log, and begins again where somebody has deleted it', async () => {
      const other = { log: 'other', to: { offset: 7, id: 'seven' }, keys: [], update: () => [] }
      const before = await journal().position()
      await expect(opened().journal.advance({ ...other, from: undefined })).resolves.toBe('advanced')
      await expect(opened().journal.position('other')).resolves.toEqual(other.to)
      await expect(journal().position()).resolves.toEqual(before)
      await onJournal(url(), `delete from handoff_journal_position where log = 'other'`)
      await expect(opened().journal.advance({ ...other, from: other.to })).resolves.toBe('elsewhere')
      await expect(opened().journal.position('other')).resolves.toBeUndefined()
      await expect(opened().journal.advance({ ...other, from: undefined })).resolves.toBe('advanced')
    })

    it('writes rows alone where the place is to stay', async () => {
      const row = rowOf(freshKey())
      const at = { log: `fresh ${row.id}`, from: undefined, to: undefined, keys: [row], update: () => [row] }
      await expect(opened().journal.advance(at)).resolves.toBe('advanced')
      await expect(opened().journal.position(at.log)).resolves.toBeUndefined()
      await expect(journal().find(row.id)).resolves.toEqual([row])
    })

    it('takes hundreds of rows at once', async () => {
      const rows = Array.from({ length: 400 }, () => rowOf(freshKey(), { source: `/${'s'.repeat(1_000)}` }))
      await expect(write(...rows)).resolves.toBe('advanced')
      await expect(journal().find(rows[399]?.id ?? '')).resolves.toEqual([rows[399]])
    })

    it('forgets messages of an age, and not where it is', async () => {
      const row = rowOf(freshKey())
      await write(row)
      const { signal } = new AbortController()
      await opened().journal.clean(3_600, signal)
      await expect(journal().find(row.id)).resolves.toEqual([row])
      const before = await journal().position()
      await expect(opened().journal.clean(-3_600, signal)).resolves.toBeGreaterThan(0)
      await expect(journal().find(row.id)).resolves.toEqual([])
      await expect(journal().position()).resolves.toEqual(before)
    })
  })
}
