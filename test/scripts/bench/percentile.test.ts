import { percentile } from '../../../scripts/bench/percentile'

const upTo = (count: number) => Array.from({ length: count }, (_, at) => count - at)

test.each([
  [upTo(100), 50, 50],
  [upTo(100), 99, 99],
  [upTo(100), 100, 100],
  [upTo(10), 99, 10],
  [[7], 1, 7],
  [[10, 9, 100], 50, 10],
])('of %j at most %d %% are smaller than what is found', (values, percent, found) => {
  expect(percentile(values, percent)).toBe(found)
})

test('nothing has no percentile', () => {
  expect(() => percentile([], 50)).toThrow('no percentile of nothing')
})
