import { Type } from 'typebox'
import { catalogue } from '../../../shared/messages/catalogue'
import { event } from '../../../shared/messages/message'
import { schedule, scheduleBreaches } from '../../../shared/messages/schedule'
import { schedules } from '../../../shared/messages/schedules'
import { hello } from './example-types'

const facts = { cron: '0 3 * * *', type: hello, data: 'Good morning' }
const reportDue = event('report.due', Type.Object({ day: Type.String() }))

test('catalogue.ts and schedules.ts fit together', () => {
  expect(scheduleBreaches(catalogue, schedules)).toEqual([])
})

test('a schedule says when, what, and how long a missed time counts', () => {
  const at = new Date('2026-01-02T03:00:00Z')
  const plain = schedule('nightly-report', facts)
  expect(plain).toMatchObject({ name: 'nightly-report', cron: '0 3 * * *', timeZone: 'UTC', catchUpMs: 3_600_000 })
  expect(plain.dataAt(at)).toBe('Good morning')
  const made = schedule('nightly-report', {
    cron: '0 3 * * *',
    timeZone: 'Europe/Berlin',
    type: reportDue,
    data: (planned) => ({ day: planned.toISOString().slice(0, 10) }),
    catchUpMs: 0,
  })
  expect(made).toMatchObject({ timeZone: 'Europe/Berlin', catchUpMs: 0 })
  expect(made.dataAt(at)).toEqual({ day: '2026-01-02' })
})

test('data of another shape does not compile', () => {
  // @ts-expect-error: the day is a text
  schedule('nightly-report', { cron: '0 3 * * *', type: reportDue, data: { day: 2 } })
  // @ts-expect-error: the day is missing
  schedule('nightly-report', { cron: '0 3 * * *', type: reportDue, data: () => ({}) })
  expect(reportDue.name).toBe('report.due')
})

test.each(['', 'Nightly', '1st', 'a b', 'a_b', '-a', 'a/b', 'a'.repeat(64)])('the name "%s" is refused', (name) => {
  expect(() => schedule(name, facts)).toThrow(
    `schedule "${name}": use lower-case letters, digits and hyphens, such as "nightly-report"`,
  )
})

test.each([-1, 0.5, NaN, Infinity])('a bound of %d ms for what was missed is refused', (catchUpMs) => {
  expect(() => schedule('nightly', { ...facts, catchUpMs })).toThrow(
    `schedule "nightly": catchUpMs is ${catchUpMs}; use whole milliseconds, or 0 for never`,
  )
})

test('what does not fit is told in a sentence', () => {
  const [nightly, daily] = [schedule('nightly', facts), schedule('a'.repeat(63), facts)]
  expect(scheduleBreaches([hello], [nightly, daily])).toEqual([])
  expect(scheduleBreaches([reportDue], [nightly, nightly])).toEqual([
    'schedule "nightly" stands twice in schedules.ts',
    'schedule "nightly" sends "hello", which is missing from catalogue.ts',
    'schedule "nightly" sends "hello", which is missing from catalogue.ts',
  ])
})
