import { compare, median } from '../../../scripts/bench/comparison'

const samples = (...values: readonly [speed: number, cost: number][]) =>
  values.map(([speed, cost]) => ({ speed, cost }))

test.each([
  [[3], 3],
  [[9, 1, 5], 5],
  [[4, 1, 3, 2], 2.5],
  [[10, 9, 8, 2, 1], 8],
])('the median of %j is %d', (values, middle) => {
  expect(median(values)).toBe(middle)
})

test('nothing has no median', () => {
  expect(() => median([])).toThrow('no median of nothing')
})

test('ratios are formed within a round: one bad minute of the machine changes neither', () => {
  const rounds = new Map([
    ['bare', samples([1_000, 100], [100, 300], [1_000, 100])],
    ['ours', samples([500, 200], [50, 600], [500, 200])],
  ])
  const [bare, ours] = compare(rounds, 'bare')
  expect(bare?.figures).toEqual({ speed: { median: 1_000, ratio: 1 }, cost: { median: 100, ratio: 1 } })
  expect(ours).toEqual({
    name: 'ours',
    figures: { speed: { median: 500, ratio: 0.5 }, cost: { median: 200, ratio: 2 } },
  })
})

test('nothing is compared with a yardstick that has not run, or has run less often', () => {
  const ours: [string, ReturnType<typeof samples>] = ['ours', samples([1, 1], [1, 1])]
  expect(() => compare(new Map([ours]), 'bare')).toThrow('the yardstick "bare" has not run')
  expect(() => compare(new Map([ours, ['bare', samples([1, 1])]]), 'bare')).toThrow(
    '2 rounds cannot be compared with 1',
  )
})
