import { keyFault, orderingKeyOf, partitionIn, partitionOf, partitionsIn } from '../../../shared/messaging/partition'

const route = (type: string, partitions?: number) =>
  ({ type, kind: 'event', contentType: 'application/json', ...(partitions !== undefined && { partitions }) }) as const

// Computed apart, by Python's hashlib: int.from_bytes(sha256(key.encode()).digest()[:4], 'big') % partitions.
test.each([
  ['customer-42', 4, 3],
  ['a', 4, 2],
  ['Ærø', 7, 1],
  ['🐇', 64, 61],
  ['x'.repeat(255), 64, 26],
  ['anything', 1, 0],
])('%s of %i partitions has number %i, everywhere and for ever', (key, partitions, expected) => {
  expect(partitionOf(key, partitions)).toBe(expected)
})

test('the keys of many customers are spread evenly', () => {
  const counts = [0, 0, 0, 0]
  for (let at = 0; at < 10_000; at++) counts[partitionOf(`customer-${at}`, 4)]!++
  for (const count of counts) expect(Math.abs(count - 2_500)).toBeLessThan(200)
})

test.each([
  ['', 'it has 0 bytes; 1 to 255 are allowed'],
  ['é'.repeat(128), 'it has 256 bytes; 1 to 255 are allowed'],
  ['a\u0000b', 'it holds a control character'],
  ['a\u0085b', 'it holds a control character'],
])('%j is no ordering key', (key, why) => {
  expect(keyFault(key)).toBe(why)
  expect(orderingKeyOf({ extensions: { partitionkey: key } })).toBeUndefined()
})

test('a message has a partition where it has a key and its type has partitions', () => {
  const group = { routes: [route('ordered', 4), route('free')] }
  const extensions = { partitionkey: 'customer-42' }
  expect(partitionsIn(group)).toBe(4)
  expect(partitionIn(group, { type: 'ordered', extensions })).toBe(partitionOf('customer-42', 4))
  expect(partitionIn(group, { type: 'ordered', extensions: {} })).toBeUndefined()
  expect(partitionIn(group, { type: 'free', extensions })).toBeUndefined()
  expect(partitionIn(group, { type: 'unknown', extensions })).toBeUndefined()
  expect(partitionsIn({ routes: [] })).toBe(0)
})
