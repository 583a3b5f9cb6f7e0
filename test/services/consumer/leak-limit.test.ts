import { graceMs, leakLimit, mostLeaked } from '../../../services/consumer/leak-limit'

beforeEach(() => jest.useFakeTimers())
afterEach(() => jest.useRealTimers())

function limited() {
  const gauge = { count: 0, inc: () => gauge.count++, dec: () => gauge.count-- }
  const told: string[] = []
  const leaked = leakLimit(gauge, (why) => told.push(why))
  const leak = (times: number) => Array.from({ length: times }, () => leaked.inc())
  return { gauge, told, leaked, leak }
}

test('one more than a process may carry ends it, once, with the number and the way out', () => {
  const { gauge, told, leak } = limited()
  leak(mostLeaked)
  jest.advanceTimersByTime(graceMs)
  leak(1)
  expect(told).toEqual([])
  jest.advanceTimersByTime(graceMs)
  leak(1)
  jest.advanceTimersByTime(graceMs)
  expect(told).toEqual([expect.stringMatching(/^51 handlers .* at most 50: .* heed context\.signal/)])
  expect(gauge.count).toBe(52)
})

test('many that still undo what they had begun when their time was up do not end it', () => {
  const { told, leaked, leak } = limited()
  leak(3 * mostLeaked)
  jest.advanceTimersByTime(graceMs - 1)
  for (let time = 0; time < 2 * mostLeaked; time++) leaked.dec()
  // Others are late by now, and have only begun to undo.
  leak(mostLeaked)
  jest.advanceTimersByTime(graceMs - 1)
  expect(told).toEqual([])
})

test('those that came back late are not counted', () => {
  const { gauge, told, leaked, leak } = limited()
  for (let time = 0; time < 2 * mostLeaked; time++) {
    leak(1)
    leaked.dec()
  }
  jest.advanceTimersByTime(graceMs)
  expect(told).toEqual([])
  expect(gauge.count).toBe(0)
})
