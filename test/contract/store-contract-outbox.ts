import { randomUUID } from 'node:crypto'
import type { Store, Write } from '../../shared/store/store'
import { effect, newKey } from './store-effects'

const insert = (data: string, orderingKey: string | null = null): Write => ({
  sql: 'insert into handoff_outbox (type, data, ordering_key) values ($1, $2, $3)',
  params: ['hello', data, orderingKey],
})

/** Rows, their claims, and what becomes of them. Each test takes away what it has written. */
export function outboxContract(opened: () => Store): void {
  describe('the outbox', () => {
    const relays = ['relay-a', 'relay-b', 'relay-c'] as const
    const write = async (...writes: readonly Write[]) => void (await opened().apply(newKey(), writes))
    const claim = (relay: string, most = 100, types = ['hello']) => opened().outbox.claim(relay, { types, most })
    const claimed = async (...args: Parameters<typeof claim>) => (await claim(...args)).map(({ data }) => data)
    // As after half a minute, whichever way the database keeps the time.
    const endClaims = (where: string) =>
      write({
        sql: `update handoff_outbox set claimed_until = ${opened().outbox.lookEveryMs < 1_000 ? '0' : `now() - interval '1 second'`} where ${where}`,
        params: [],
      })
    afterEach(async () => {
      await write({ sql: 'delete from handoff_outbox', params: [] })
    })

    it('fills in what a plain insert leaves out', async () => {
      await write(insert('Hello World!'))
      const [row] = await claim('relay-a', 10)
      expect(row).toMatchObject({ type: 'hello', data: 'Hello World!', orderingKey: undefined, source: undefined })
      expect(row?.id).toMatch(/^[0-9a-f-]{32,36}$/)
      expect(row?.extensions).toBe('{}')
      expect(row?.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      expect(Math.abs(Date.now() - Date.parse(row?.time ?? ''))).toBeLessThan(60_000)
    })

    it('takes rows as they are, in their order', async () => {
      const row = (data: string, orderingKey?: string) => ({
        id: randomUUID(),
        type: 'hello',
        data,
        orderingKey,
        source: '/elsewhere',
        time: '2026-01-02T03:04:05.123456Z',
      })
      const rows = Array.from({ length: 300 }, (_, number) => row(`it's ${number}`, number % 2 ? 'k' : undefined))
      await opened().outbox.add(rows)
      const found = await claim('relay-a', 500)
      expect(found).toEqual(rows.map((each, at) => ({ ...each, seq: found[at]?.seq, extensions: '{}' })))
    })

    it('takes none of the rows when one cannot be written', async () => {
      const row = (data: unknown) => ({ id: randomUUID(), type: 'hello', data: data as string, time: 't' })
      const rows = [row('good'), row(null)].map((each) => ({ ...each, orderingKey: undefined, source: undefined }))
      await expect(opened().outbox.add(rows)).rejects.toThrow()
      expect(await claimed('relay-a')).toEqual([])
    })

    it('has nothing of a transaction that was not committed', async () => {
      await expect(
        write(insert('undone'), { sql: 'insert into no_such_table values (1)', params: [] }),
      ).rejects.toThrow()
      expect(await claimed('relay-a')).toEqual([])
    })

    it('gives a row to one relay, the oldest first', async () => {
      await write(insert('1'), insert('2'), insert('3'))
      expect(await claimed('relay-a', 2)).toEqual(['1', '2'])
      expect(await claimed('relay-b')).toEqual(['3'])
      expect(await claimed('relay-a')).toEqual([])
    })

    it('gives many relays different rows, and all of them', async () => {
      await write(...Array.from({ length: 300 }, (_, number) => insert(String(number))))
      const rounds = Array.from({ length: 30 }, (_, round) => claimed(relays[round % 3] ?? '', 10))
      const all = (await Promise.all(rounds)).flat()
      for (const relay of relays) all.push(...(await claimed(relay, 300)))
      expect(new Set(all).size).toBe(300)
      expect(all).toHaveLength(300)
    })

    it('gives rows of one key to one relay, in their order, however many look', async () => {
      await write(insert('k1', 'k'), insert('k2', 'k'), insert('k3', 'k'), insert('l1', 'l'), insert('free'))
      expect(await claimed('relay-a', 2)).toEqual(['k1', 'k2'])
      expect(await claimed('relay-b')).toEqual(['l1', 'free'])
      expect(await claimed('relay-a')).toEqual(['k3'])
      await opened().outbox.release('relay-a')
      expect(await claimed('relay-b')).toEqual(['k1', 'k2', 'k3'])
      expect(await claimed('relay-a')).toEqual([])
    })

    it('gives the rows of many keys to many relays, none of a key to two', async () => {
      await write(
        ...Array.from({ length: 300 }, (_, number) => insert(`${number % 10}:${number}`, `key-${number % 10}`)),
      )
      const claims: { readonly relay: string; readonly data: string }[] = []
      const round = async (relay: string) => claims.push(...(await claimed(relay, 7)).map((data) => ({ relay, data })))
      await Promise.all(Array.from({ length: 90 }, (_, number) => round(relays[number % 3] ?? '')))
      for (const [, ofKey] of Map.groupBy(claims, ({ data }) => data.split(':')[0])) {
        expect(new Set(ofKey.map(({ relay }) => relay)).size).toBe(1)
        expect(new Set(ofKey.map(({ data }) => data)).size).toBe(ofKey.length)
      }
      expect(claims.length).toBeGreaterThan(200)
    })

    it('leaves rows of other types to whoever knows them, and what is behind them under their key', async () => {
      await write(insert('k1', 'k'), insert('free'))
      await write({ sql: "update handoff_outbox set type = 'unknown' where data = 'k1'", params: [] })
      await write(insert('k2', 'k'))
      expect(await claimed('relay-a')).toEqual(['free'])
      expect(await claimed('relay-b', 100, ['hello', 'unknown'])).toEqual(['k1', 'k2'])
      expect(await claimed('relay-b', 100, [])).toEqual([])
    })

    it('takes no more at once than so many bytes, and one in any case', async () => {
      const large = 'x'.repeat(5 * 1_048_576)
      await write(insert(large), insert(large), insert(large), insert('small'))
      expect((await claimed('relay-a')).map(({ length }) => length)).toEqual([large.length, large.length])
      expect(await claimed('relay-a')).toHaveLength(2)
      await write({ sql: 'delete from handoff_outbox', params: [] }, insert(large + large))
      expect(await claimed('relay-a')).toHaveLength(1)
    })

    it('keeps rows until they are removed, and those alone', async () => {
      await write(insert('1'), insert('2'))
      const rows = await claim('relay-a', 10)
      await opened().outbox.remove(rows.slice(0, 1).map(({ seq }) => seq))
      await opened().outbox.release('relay-a')
      expect(await claimed('relay-b')).toEqual(['2'])
    })

    it('claims a row again whose claim has ended, and not one that was renewed', async () => {
      await write(insert('1'), insert('2'))
      const [first, second] = await claim('relay-a', 10)
      await endClaims('true')
      expect(await opened().outbox.renew('relay-a', [first?.seq ?? ''])).toEqual([first?.seq])
      expect(await claimed('relay-b')).toEqual([second?.data])
    })

    it('tells a relay that another one has its row by now', async () => {
      await write(insert('1'))
      const [row] = await claim('relay-a')
      await endClaims('true')
      await claim('relay-b')
      expect(await opened().outbox.renew('relay-a', [row?.seq ?? ''])).toEqual([])
    })

    it('keeps a key with the relay that still has one of its rows', async () => {
      await write(insert('k1', 'k'), insert('k2', 'k'))
      await claim('relay-a')
      await endClaims("data = 'k1'")
      expect(await claimed('relay-b')).toEqual([])
      expect(await claimed('relay-a')).toEqual(['k1'])
    })

    it('takes a key from another relay with all of its rows, also those that are not claimed yet', async () => {
      await write(insert('k1', 'k'), insert('k2', 'k'), insert('l1', 'l'), insert('free'))
      const [, k2, l1, free] = (await claim('relay-a')).map(({ seq }) => seq)
      await endClaims('true')
      expect(await claimed('relay-b', 1)).toEqual(['k1'])
      expect(await opened().outbox.renew('relay-a', [k2 ?? ''])).toEqual([])
      const others = [l1 ?? '', free ?? '']
      expect(new Set(await opened().outbox.renew('relay-a', others))).toEqual(new Set(others))
      expect(await claimed('relay-b')).toEqual(['k2'])
    })

    it('does not give up what another relay has', async () => {
      await write(insert('1'))
      await claimed('relay-a')
      await opened().outbox.release('relay-b')
      expect(await claimed('relay-b')).toEqual([])
    })

    it('takes a refused row out of the way, and what was behind it goes on', async () => {
      await write(insert('bad', 'k'), insert('good', 'k'))
      const [bad] = await claim('relay-a', 1)
      await opened().outbox.refuse(bad?.seq ?? '', 'it is none')
      expect(await claimed('relay-b')).toEqual(['good'])
      expect(await opened().outbox.counts()).toMatchObject({ waiting: 1, refused: 1 })
      const [row] = await opened().query('select refused from handoff_outbox where refused is not null')
      expect(row?.['refused']).toBe('it is none')
    })

    it('counts what waits, and since when', async () => {
      expect(await opened().outbox.counts()).toEqual({
        waiting: 0,
        oldestSeconds: 0,
        oldestType: undefined,
        refused: 0,
      })
      await write(insert('1'), effect(randomUUID()))
      const { waiting, oldestSeconds, oldestType } = await opened().outbox.counts()
      expect([waiting, oldestType]).toEqual([1, 'hello'])
      expect(oldestSeconds).toBeLessThan(60)
    })
  })
}
