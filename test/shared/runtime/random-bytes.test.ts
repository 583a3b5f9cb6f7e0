import { randomBytesFromPool } from '../../../shared/runtime/random-bytes'

test('bytes are given out once, across the ends of many pools', () => {
  const given = Array.from({ length: 5_000 }, () => randomBytesFromPool(10).toString('hex'))
  expect(new Set(given).size).toBe(5_000)
  expect(given.every((hex) => hex.length === 20)).toBe(true)
})

test('what was given out is the caller’s own', () => {
  const first = randomBytesFromPool(16)
  const before = first.toString('hex')
  for (let more = 0; more < 1_000; more++) randomBytesFromPool(16).fill(0)
  expect(first.toString('hex')).toBe(before)
})

test('more than the pool holds is refused by name', () => {
  expect(() => randomBytesFromPool(4_097)).toThrow('4097 random bytes at once; the pool holds 4096')
})
