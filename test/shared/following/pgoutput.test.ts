import { readPgoutput } from '../../../shared/following/pgoutput'
import { relationBytes, text, tuple, uint16, uint32, uint64 } from './pgoutput-bytes'

const bytes = (...parts: readonly Buffer[]) => Buffer.concat(parts)
const letter = (one: string) => Buffer.from(one)

test('a transaction begins with what its commit will be, and ends with where it can be forgotten', () => {
  const begin = bytes(letter('B'), uint64(0x1_0000_0002n), uint64(825_555_845_123_456n), uint32(7))
  expect(readPgoutput(begin)).toEqual({
    kind: 'begin',
    commitLsn: 0x1_0000_0002n,
    committedAt: 825_555_845_123_456n,
  })
  const commit = bytes(letter('C'), Buffer.of(0), uint64(1n), uint64(9n), uint64(0n))
  expect(readPgoutput(commit)).toEqual({ kind: 'commit', endLsn: 9n })
})

test('a table is described', () => {
  expect(
    readPgoutput(
      relationBytes(42, 'd', [
        ['id', 20, true],
        ['näme', 25, false],
      ]),
    ),
  ).toEqual({
    kind: 'relation',
    oid: 42,
    table: 'public.orders',
    identity: 'default',
    columns: [
      { name: 'id', typeOid: 20, isIdentity: true },
      { name: 'näme', typeOid: 25, isIdentity: false },
    ],
  })
})

test('rows have text, null, and values that are not told', () => {
  const insert = bytes(letter('I'), uint32(42), letter('N'), tuple(['1', null, undefined, '']))
  expect(readPgoutput(insert)).toEqual({ kind: 'insert', oid: 42, after: ['1', null, undefined, ''] })
})

test.each([
  ['nothing', Buffer.alloc(0), undefined],
  ['its identity', bytes(letter('K'), tuple(['1', null])), { has: 'identity', tuple: ['1', null] }],
  ['everything', bytes(letter('O'), tuple(['1', 'a'])), { has: 'everything', tuple: ['1', 'a'] }],
])('an update tells %s of what was', (_, old, before) => {
  const update = bytes(letter('U'), uint32(42), old, letter('N'), tuple(['2', 'b']))
  expect(readPgoutput(update)).toEqual({ kind: 'update', oid: 42, before, after: ['2', 'b'] })
})

test('a delete and a truncate', () => {
  expect(readPgoutput(bytes(letter('D'), uint32(42), letter('K'), tuple(['1'])))).toEqual({
    kind: 'delete',
    oid: 42,
    before: { has: 'identity', tuple: ['1'] },
  })
  expect(readPgoutput(bytes(letter('T'), uint32(2), Buffer.of(0), uint32(42), uint32(43)))).toEqual({
    kind: 'truncate',
    oids: [42, 43],
  })
})

test('what is not known is refused, since it may be a change', () => {
  expect(() => readPgoutput(letter('S'))).toThrow('a message "S"')
  expect(() => readPgoutput(bytes(letter('I'), uint32(42), letter('K')))).toThrow('a tuple "K"')
  expect(() => readPgoutput(bytes(letter('I'), uint32(42), letter('N'), uint16(1), letter('b')))).toThrow('a value "b"')
})

test('what is cut off is refused', () => {
  const whole = bytes(letter('I'), uint32(42), letter('N'), tuple(['some text']))
  for (let length = 0; length < whole.length; length++) expect(() => readPgoutput(whole.subarray(0, length))).toThrow()
  expect(() => readPgoutput(bytes(letter('R'), uint32(42), text('public'), letter('orders')))).toThrow('no end')
})
