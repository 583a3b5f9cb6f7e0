import { slope } from '../../../scripts/bench/slope'

const points = (...pairs: readonly [x: number, y: number][]) => pairs.map(([x, y]) => ({ x, y }))

test.each([
  [points([0, 1], [1, 3], [2, 5]), 2],
  [points([10, 7], [20, 7], [40, 7]), 0],
  [points([0, 0], [1, 2], [2, 1], [3, 3]), 0.8],
  [points([1, 4], [3, 0]), -2],
])('through %j it is %d', (through, steep) => {
  expect(slope(through)).toBeCloseTo(steep)
})

test.each([[points()], [points([1, 1])], [points([2, 1], [2, 5])]])('through %j there is none', (through) => {
  expect(() => slope(through)).toThrow('there is no slope')
})
