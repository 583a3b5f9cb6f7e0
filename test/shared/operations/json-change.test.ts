import { parseExactly } from '../../../shared/runtime/exact-json'
import { changed, type JsonChange } from '../../../shared/operations/json-change'

const data = { name: 'a', lines: [{ sku: 'x' }, { sku: 'y' }], 'a/b': { 'c~d': 1 } }
const set = (pointer: string, value: unknown): JsonChange => ({ kind: 'set', pointer, value })
const unset = (pointer: string): JsonChange => ({ kind: 'unset', pointer })

test.each<[JsonChange[], unknown]>([
  [[set('/name', 'b')], { ...data, name: 'b' }],
  [[set('/note', null)], { ...data, note: null }],
  [[set('/lines/0/sku', 'z')], { ...data, lines: [{ sku: 'z' }, { sku: 'y' }] }],
  [[set('/lines/-', { sku: 'z' })], { ...data, lines: [...data.lines, { sku: 'z' }] }],
  [[set('/lines/2', 1)], { ...data, lines: [...data.lines, 1] }],
  [[unset('/lines/0')], { ...data, lines: [{ sku: 'y' }] }],
  [[unset('/name'), set('/a~1b/c~0d', 2)], { lines: data.lines, 'a/b': { 'c~d': 2 } }],
  [[set('', 'all')], 'all'],
  [[set('/new', {}), set('/new/inner', 1)], { ...data, new: { inner: 1 } }],
])('%j', (changes, wanted) => {
  const before = structuredClone(data)
  expect(changed(data, changes)).toEqual(wanted)
  expect(data).toEqual(before)
})

test.each([
  set('/absent/inner', 1),
  set('/name/inner', 1),
  set('/lines/3', 1),
  set('/lines/01', 1),
  set('/lines/first', 1),
  set('/constructor/name', 1),
  unset('/absent'),
  unset('/lines/2'),
  unset('/lines/length'),
  unset('/toString'),
  unset(''),
])('%j has no place', (change) => {
  expect(() => changed(data, [change])).toThrow(/the data (has no place|cannot be unset)|the whole of the data/)
})

test('a place in a number that keeps its digits is none', () => {
  expect(() => changed(parseExactly('{"n":9007199254740993}'), [set('/n/rawJSON', '1')])).toThrow('no place /n/rawJSON')
})

test('nothing gets a prototype', () => {
  const one = changed({}, [set('/__proto__', { polluted: true })]) as Record<string, unknown>
  expect(Object.keys(one)).toEqual(['__proto__'])
  expect(one['polluted']).toBeUndefined()
})
