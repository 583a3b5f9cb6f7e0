import fc from 'fast-check'
import { nextDelayMs } from '../../../services/consumer/retry-policy'

const facts = { attempts: 4, delaysMs: [100, 1_000] }

test('the schedule is followed, its last delay repeats, and then there is no more', () => {
  const latest = (attempt: number) => nextDelayMs(facts, attempt, () => 0.999999)
  expect([1, 2, 3, 4, 5].map(latest)).toEqual([100, 1_000, 1_000, undefined, undefined])
})

test('jitter takes at most a fifth off', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), (chance) => {
      const delay = nextDelayMs(facts, 2, () => chance) ?? NaN
      expect(delay).toBeGreaterThanOrEqual(800)
      expect(delay).toBeLessThanOrEqual(1_000)
    }),
  )
})

test('one attempt means no retry', () => {
  expect(nextDelayMs({ attempts: 1, delaysMs: [] }, 1, Math.random)).toBeUndefined()
})
