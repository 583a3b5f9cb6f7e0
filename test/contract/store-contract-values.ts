import { randomBytes } from 'node:crypto'
import type { Row, SqlValue, Store } from '../../shared/store/store'
import { newKey } from './store-effects'

/** What goes in comes out, and the same on every database. */
export function valuesContract(opened: () => Store): void {
  const insert = 'insert into samples (id, words, whole, ratio, bytes) values ($1, $2, $3, $4, $5)'

  async function roundTrip(values: readonly SqlValue[]): Promise<readonly Row[]> {
    const key = newKey()
    await opened().apply(key, [{ sql: insert, params: [key.id, ...values] }])
    return opened().query('select words, whole, ratio, bytes from samples where id = $1', [key.id])
  }

  describe('values', () => {
    it.each([
      ['nothing', null, null, null, null],
      ['plain ones', 'hello', 42, 0.5, new Uint8Array([0, 255, 13, 10, 92])],
      ['unicode and quotes', `Grüße 👩‍🚀 日本 "it's" $1 ? :x \\ \n`, -1, -1.25e-7, new Uint8Array()],
      ['the largest numbers', '', Number.MAX_SAFE_INTEGER, Number.MAX_VALUE, new Uint8Array([1])],
      ['the smallest numbers', ' ', Number.MIN_SAFE_INTEGER, 5, new Uint8Array([2])],
    ])('keep %s', async (_, words, whole, ratio, bytes) => {
      const rows = await roundTrip([words, whole, ratio, bytes])
      expect(rows).toStrictEqual([{ words, whole, ratio, bytes }])
    })

    it('keep megabytes of text and bytes', async () => {
      const words = 'ä€😀'.repeat(300_000)
      const bytes = new Uint8Array(randomBytes(2_000_000))
      const [row] = await roundTrip([words, null, null, bytes])
      expect(row?.words === words).toBe(true)
      expect(Buffer.compare(row?.bytes as Uint8Array, bytes)).toBe(0)
    })

    it('beyond what a number holds come as text', async () => {
      const id = newKey().id
      const sql = 'insert into samples (id, whole) values ($1, 9007199254740993)'
      await opened().apply(newKey(), [{ sql, params: [id] }])
      const rows = await opened().query('select whole from samples where id = $1', [id])
      expect(rows).toStrictEqual([{ whole: '9007199254740993' }])
    })

    it('of expressions have the same type on every database', async () => {
      const id = newKey().id
      await opened().apply(newKey(), [{ sql: insert, params: [id, 'a', 7, 1.5, null] }])
      const sql = `select count(*) as counted, sum(whole) as total, max(words) as last, 'no. ' || cast($2 as text) as label,
        exists (select 1 from samples where id = $1) as found from samples where id = $1`
      const rows = await opened().query(sql, [id, 5])
      expect(rows).toStrictEqual([{ counted: 1, total: 7, last: 'a', label: 'no. 5', found: 1 }])
    })

    it('are not written by a query', async () => {
      const id = newKey().id
      const writing = opened().query('insert into effects (id) values ($1) returning id', [id])
      await expect(writing).rejects.toThrow(/read-?only/)
      await expect(writing).rejects.not.toHaveProperty('code', 'STORE_UNAVAILABLE')
    })
  })
}
