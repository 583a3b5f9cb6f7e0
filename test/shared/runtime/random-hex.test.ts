import { randomHex } from '../../../shared/runtime/random-hex'

test('bytes are given out once, across the ends of many pools', () => {
  const given = Array.from({ length: 5_000 }, () => randomHex(10))
  expect(new Set(given).size).toBe(5_000)
  expect(given.every((hex) => hex.length === 20)).toBe(true)
})

test('more than the pool holds is refused by name', () => {
  expect(() => randomHex(4_097)).toThrow('4097 random bytes at once; the pool holds 4096')
})
