import fc from 'fast-check'
import { Histogram } from '../../../services/console/numbers/histogram'
import type { Measured } from '../../../services/console/numbers/measured'
import { Numbers } from '../../../services/console/numbers/numbers'
import { ranges, type RangeName } from '../../../services/console/views/numbers'

test('reads percentiles off that are right to 2 %, whatever was counted, and however it was merged', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1, maxLength: 200 }), (values) => {
      const [one, other] = [new Histogram(), new Histogram()]
      values.forEach((value, at) => (at % 2 === 0 ? one : other).add(value))
      one.merge(other)
      const sorted = [...values].sort((a, b) => a - b)
      expect(one.count).toBe(values.length)
      expect(one.mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 3)
      for (const share of [0.5, 0.95, 0.99, 1]) {
        const exact = sorted[Math.max(0, Math.ceil(share * values.length) - 1)] ?? 0
        const told = one.quantile(share) ?? NaN
        expect(Math.abs(told - exact)).toBeLessThanOrEqual(exact * 0.0201 + 1e-9)
      }
    }),
  )
})

test('of nothing there is no percentile and no mean', () => {
  expect(new Histogram().quantile(0.5)).toBeNull()
  expect(new Histogram().mean).toBeNull()
})

const now = Date.parse('2026-05-05T12:34:56.700Z')

function numbersOf(...measured: readonly Measured[]): Numbers {
  const numbers = new Numbers()
  numbers.add(measured, now)
  return numbers
}

test.each(Object.keys(ranges) as RangeName[])('%s has whole buckets alone, and all of them', (range) => {
  const { seconds, bucketSeconds } = ranges[range]
  const view = new Numbers().view(range, now)
  expect(view.to - view.from).toBe(seconds * 1_000)
  expect(view.to % (bucketSeconds * 1_000)).toBe(0)
  expect(now - view.to).toBeGreaterThanOrEqual(1_500)
  expect(now - view.to).toBeLessThan(bucketSeconds * 1_000 + 1_500)
  expect(view.series.counts.accepted).toHaveLength(seconds / bucketSeconds)
  expect(view.total).toMatchObject({ errorPercent: null, littles: null, times: { endToEnd: { p50: null, count: 0 } } })
})

test.each(Object.keys(ranges) as RangeName[])('%s counts each once, in the bucket of its time', (range) => {
  const { to, from } = new Numbers().view(range, now)
  const at = [from, from + 1, to - 1].map((time) => ({ what: 'accepted', at: time }) as const)
  const outside = [from - 1, to].map((time) => ({ what: 'accepted', at: time }) as const)
  const { series, total } = numbersOf(...at, ...outside).view(range, now)
  expect(total.counts.accepted).toBe(3)
  expect(series.counts.accepted[0]).toBe(2)
  expect(series.counts.accepted.at(-1)).toBe(1)
})

test('reckons errors, percentiles and what is under way as the formulas say', () => {
  const at = now - 60_000
  const times = Array.from({ length: 300 }, (_, number) => ({ what: 'endToEnd', at, ms: 10 * (number + 1) }) as const)
  const processed = times.map(() => ({ what: 'processed', at }) as const)
  const failed = Array.from({ length: 100 }, () => ({ what: 'failed', at }) as const)
  const { total } = numbersOf(...times, ...processed, ...failed).view('5m', now)
  expect(total.errorPercent).toBe(25)
  // Buckets are right to 2 %, and what is told is rounded to three digits.
  for (const [name, exact] of Object.entries({ p50: 1_500, p95: 2_850, p99: 2_970 }))
    expect(Math.abs((total.times.endToEnd[name as 'p50'] ?? NaN) / exact - 1)).toBeLessThanOrEqual(0.025)
  // One a second, each for 1.505 seconds in the mean.
  expect(total.littles).toBeCloseTo(1.505, 2)
})

test('forgets what is older than a day, and what a wrong clock tells of the future, and stays small', () => {
  const numbers = new Numbers()
  for (let hour = 0; hour < 24 * 400; hour++)
    numbers.add([{ what: 'accepted', at: now + hour * 3_600_000 }], now + hour * 3_600_000)
  numbers.add([{ what: 'accepted', at: 0 }], now)
  const later = now + 24 * 400 * 3_600_000
  expect(numbers.view('24h', later).total.counts.accepted).toBeLessThanOrEqual(24)
})
