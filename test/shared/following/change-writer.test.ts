import { ChangeWriter } from '../../../shared/following/change-writer'
import type { Place } from '../../../shared/following/place'
import type { StreamMessage } from '../../../shared/following/stream-message'
import type { NewOutboxRow } from '../../../shared/store/outbox'
import { relationBytes, tuple, uint32, uint64, type ColumnFacts } from './pgoutput-bytes'

const data = (...parts: readonly Buffer[]): StreamMessage => ({ kind: 'data', payload: Buffer.concat(parts) })
const begin = (lsn: bigint) => data(Buffer.from('B'), uint64(lsn), uint64(1_000_000n), uint32(1))
const commit = (end: bigint) => data(Buffer.from('C'), Buffer.of(0), uint64(0n), uint64(end), uint64(0n))
const keepalive = (end: bigint): StreamMessage => ({ kind: 'keepalive', end, wantsAnswer: false })
const columns: readonly ColumnFacts[] = [
  ['id', 23, true],
  ['name', 25, false],
]
const relation = (oid = 42, identity = 'd', of = columns) => data(relationBytes(oid, identity, of))
const insert = (id: number, oid = 42) => data(Buffer.from('I'), uint32(oid), Buffer.from('N'), tuple([String(id), 'a']))

function writer(table = 'orders', primaryKey: readonly string[] = [], before?: Place) {
  const places: Place[] = []
  const batches: NewOutboxRow[][] = []
  const outbox = {
    refuses: false,
    add: (rows: readonly NewOutboxRow[]) =>
      outbox.refuses ? Promise.reject(new Error('away')) : Promise.resolve(void batches.push([...rows])),
  }
  const changes = new ChangeWriter({
    tables: [{ schema: 'public', table, messageType: 'orders.changed' }],
    outbox,
    primaryKey: () => Promise.resolve(primaryKey),
    systemId: '77',
    source: (name) => `/test/${name}`,
    written: (_rows, place) => void places.push(place),
    before,
  })
  return { changes, batches, outbox, places }
}

test('a change becomes a message whose id tells its place', async () => {
  const { changes, batches } = writer()
  expect(await changes.take([begin(0x10n), relation(), insert(1), insert(2), commit(0x20n)])).toBe(0x20n)
  const row = (number: number, id: number) => ({
    id: `77-10-lfls-${number}`,
    type: 'orders.changed',
    data: `{"operation":"insert","table":"public.orders","key":{"id":${id}},"position":"0000000000000010.000000000${number}","after":{"id":${id},"name":"a"}}`,
    orderingKey: `public.orders {"id":${id}}`,
    source: '/test/public.orders',
    time: '2000-01-01T00:00:01.000000Z',
  })
  expect(batches).toEqual([[row(0, 1), row(1, 2)]])
})

test('a change that is read again has the same id, also when it comes in other parts', async () => {
  const messages = [begin(0x10n), relation(), insert(1), insert(2), insert(3), commit(0x20n)]
  const once = writer()
  await once.changes.take(messages)
  const again = writer()
  for (const message of messages) await again.changes.take([message])
  expect(again.batches).toHaveLength(3)
  expect(again.batches.flat()).toEqual(once.batches.flat())
})

test('nothing is confirmed within a transaction, however far the server says it is', async () => {
  const { changes } = writer()
  expect(await changes.take([keepalive(5n)])).toBe(5n)
  expect(await changes.take([begin(0x10n), relation(), insert(1), keepalive(0x18n)])).toBe(5n)
  expect(await changes.take([commit(0x20n)])).toBe(0x20n)
  expect(await changes.take([keepalive(0x30n)])).toBe(0x30n)
})

test('nothing is confirmed that the outbox did not take', async () => {
  const { changes, outbox, batches } = writer()
  outbox.refuses = true
  await expect(changes.take([begin(0x10n), relation(), insert(1), commit(0x20n)])).rejects.toThrow('away')
  expect(batches).toEqual([])
})

test('a large transaction is written in parts, before its end has come', async () => {
  const { changes, batches } = writer()
  const many = Array.from({ length: 1_700 }, (_, at) => insert(at))
  await changes.take([begin(0x10n), relation(), ...many])
  expect(batches.map(({ length }) => length)).toEqual([500, 500, 500, 200])
})

test('what an earlier connection has written of a transaction is not written again', async () => {
  const messages = [begin(0x10n), relation(), ...Array.from({ length: 1_200 }, (_, at) => insert(at)), commit(0x20n)]
  const first = writer()
  first.outbox.add = (rows) =>
    first.batches.length === 1 ? Promise.reject(new Error('away')) : Promise.resolve(void first.batches.push([...rows]))
  await expect(first.changes.take(messages)).rejects.toThrow('away')
  const second = writer('orders', [], first.places.at(-1))
  expect(await second.changes.take(messages)).toBe(0x20n)
  expect(second.batches.map(({ length }) => length)).toEqual([500, 200])
  const once = writer()
  await once.changes.take(messages)
  expect([...first.batches, ...second.batches].flat()).toEqual(once.batches.flat())
})

test('an earlier place counts for its own transaction alone', async () => {
  const place = { commitLsn: 0x10n, committedAt: 1_000_000n, number: 5 }
  const messages = [begin(0x10n), relation(), insert(1), commit(0x20n)]
  for (const other of [{ commitLsn: 0x18n }, { commitLsn: 0x8n }, { committedAt: 2n }]) {
    const { changes, batches } = writer('orders', [], { ...place, ...other })
    await changes.take(messages)
    expect(batches.flat()).toHaveLength(1)
  }
})

test('tables that are not followed are passed over, and counted', async () => {
  const { changes, batches } = writer('others')
  expect(await changes.take([begin(0x10n), relation(), insert(1), commit(0x20n)])).toBe(0x20n)
  expect(batches).toEqual([])
})

test('a table that tells of all that was has the key that its primary key is', async () => {
  const all = columns.map(([name, oid]) => [name, oid, true] as const)
  const { changes, batches } = writer('orders', ['id', 'dropped'])
  const update = data(
    Buffer.from('U'),
    uint32(42),
    Buffer.from('O'),
    tuple(['1', 'long']),
    Buffer.from('N'),
    tuple(['1', undefined]),
  )
  await changes.take([begin(0x10n), relation(42, 'f', all), update, commit(0x20n)])
  const { data: told = '', orderingKey } = batches[0]?.[0] ?? {}
  expect(JSON.parse(told)).toMatchObject({
    key: { id: 1 },
    before: { id: 1, name: 'long' },
    after: { id: 1, name: 'long' },
  })
  expect(orderingKey).toBe('public.orders {"id":1}')
})

test('a changed key is told after what was told under the former one', async () => {
  const { changes, batches } = writer()
  const update = data(
    Buffer.from('U'),
    uint32(42),
    Buffer.from('K'),
    tuple(['1', null]),
    Buffer.from('N'),
    tuple(['2', 'a']),
  )
  await changes.take([begin(0x10n), relation(), update, commit(0x20n)])
  const { data: told = '', orderingKey } = batches[0]?.[0] ?? {}
  expect(JSON.parse(told)).toMatchObject({ key: { id: 2 }, before: { id: 1 } })
  expect(orderingKey).toBe('public.orders {"id":1}')
})

test.each(['x'.repeat(300), 'ж'.repeat(120)])('a key of many bytes orders by its hash', async (id) => {
  const { changes, batches } = writer()
  const long = data(Buffer.from('I'), uint32(42), Buffer.from('N'), tuple([id, 'a']))
  await changes.take([
    begin(0x10n),
    relation(42, 'd', [
      ['id', 25, true],
      ['name', 25, false],
    ]),
    long,
  ])
  expect(batches[0]?.[0]?.orderingKey).toMatch(/^public\.orders [0-9a-f]{64}$/)
})

test('a change of a table that was not described is no change that could be told', async () => {
  const { changes } = writer()
  await expect(changes.take([begin(0x10n), insert(1)])).rejects.toThrow('42')
})
