import { refusedTiming, unreadableTime, waitMs } from '../../../shared/messaging/timing'

const now = Date.parse('2026-01-01T00:00:00Z')

test.each([
  ['nothing is said', {}],
  ['it is due later', { deliverat: '2026-06-01T00:00:00+02:00' }],
  ['it is due in a year to the second', { deliverat: '2027-01-01T00:00:00Z' }],
  ['it was due before', { deliverat: '2025-01-01T00:00:00Z' }],
  ['it expires after it is due', { deliverat: '2026-01-02T00:00:00Z', expirytime: '2026-01-02T00:00:00.001Z' }],
])('taken: %s', (_, extensions) => {
  expect(refusedTiming(extensions, now)).toBeUndefined()
})

test.each([
  [{ deliverat: 'tomorrow' }, /^deliverat is "tomorrow", which is no RFC 3339 time/],
  [{ deliverat: '2026-02-30' }, /^deliverat is "2026-02-30"/],
  [{ expirytime: '1767225600' }, /^expirytime is "1767225600"/],
  [{ deliverat: '2027-01-01T00:00:01Z' }, /more than 31536000 seconds \(365 days\) away; send it later/],
  [{ expirytime: '2026-01-01T00:00:00Z' }, /^it expired at 2026-01-01T00:00:00Z; send it with a later/],
  [
    { deliverat: '2026-01-02T00:00:00Z', expirytime: '2026-01-02T00:00:00Z' },
    /^it would expire at 2026-01-02T00:00:00Z, before it is due/,
  ],
])('refused: %j', (extensions, why) => {
  expect(refusedTiming(extensions, now)).toMatch(why)
})

test('how long a message waits is never less than nothing, and nothing where it does not say', () => {
  expect(waitMs({ extensions: { deliverat: '2026-01-01T00:00:02.5Z' } }, now)).toBe(2_500)
  expect(waitMs({ extensions: { deliverat: '2025-01-01T00:00:00Z' } }, now)).toBe(0)
  expect(waitMs({ extensions: { deliverat: 'never' } }, now)).toBe(0)
  expect(waitMs({ extensions: {} }, now)).toBe(0)
})

test('times are read in any zone, and a date alone is none', () => {
  expect(
    unreadableTime({ deliverat: '2026-01-01t00:00:00.5z', expirytime: '2026-01-01T00:00:00-08:00' }),
  ).toBeUndefined()
  expect(unreadableTime({ expirytime: '2026-01-01' })).toMatch(/^expirytime/)
})
