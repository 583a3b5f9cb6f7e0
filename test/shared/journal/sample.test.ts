import { isInSample } from '../../../shared/journal/sample'

const ids = Array.from({ length: 20_000 }, (_, at) => `01a22292-8472-7be2-8644-${at.toString(16).padStart(12, '0')}`)

test('1 takes all and 0 none', () => {
  expect(ids.every((id) => isInSample(id, 1))).toBe(true)
  expect(ids.some((id) => isInSample(id, 0))).toBe(false)
})

test.each([0.01, 0.1, 0.5, 0.9])('%d takes that share of ids that differ little', (share) => {
  const taken = ids.filter((id) => isInSample(id, share)).length / ids.length
  expect(Math.abs(taken - share)).toBeLessThan(0.015)
})

test('a greater share takes all that a smaller one takes', () => {
  expect(ids.filter((id) => isInSample(id, 0.1) && !isInSample(id, 0.2))).toEqual([])
})
