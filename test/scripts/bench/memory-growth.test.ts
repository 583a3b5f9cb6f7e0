import { memoryGrowth } from '../../../scripts/bench/memory-growth'

const mebibyte = 1_048_576
const at = (messages: number, mebibytes: number) => ({ messages, bytes: mebibytes * mebibyte })

test('what is taken while it warms up is no growth, and what a collection leaves is told apart', () => {
  const readings = [
    at(0, 60),
    at(250_000, 100),
    { ...at(500_000, 110), keptBytes: 20 * mebibyte },
    at(750_000, 111),
    { ...at(1_000_000, 112), keptBytes: 20.5 * mebibyte },
  ]
  expect(memoryGrowth(readings)).toEqual({
    'MiB at the start': 60,
    'MiB at the end': 112,
    'MiB per million': expect.closeTo(4) as unknown,
    'MiB kept': 20.5,
    'MiB kept per million': expect.closeTo(1) as unknown,
  })
})

test('without a reading nothing is told', () => {
  expect(() => memoryGrowth([])).toThrow('no memory was read')
})
