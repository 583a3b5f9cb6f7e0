import { assert, constantFrom, integer, property } from 'fast-check'
import { planOf, type Plan } from '../../../../services/producer/schedules/plan'
import { readPlans } from '../../../../services/producer/schedules/read-plans'
import { schedule } from '../../../../shared/messages/schedule'
import { iso, ms, reportDue, reports } from './reports'

const berlin = (cron: string) => planOf(reports({ cron, timeZone: 'Europe/Berlin' }))

function between(plan: Plan, from: string, to: string): readonly string[] {
  const times: string[] = []
  for (let at = plan.next(ms(from)); at <= ms(to); at = plan.next(at)) times.push(iso(at))
  return times
}

const onDay = (plan: Plan, day: string) => between(plan, `${day}T00:00:00Z`, `${day}T12:00:00Z`)

test('the next planned time is later than the one before, to the millisecond', () => {
  const plan = planOf(reports())
  expect(iso(plan.next(ms('2026-01-01T00:00:00.000Z')))).toBe('2026-01-01T00:01:00.000Z')
  expect(iso(plan.next(ms('2025-12-31T23:59:59.999Z')))).toBe('2026-01-01T00:00:00.000Z')
  expect(iso(planOf(reports({ cron: '@daily' })).next(ms('2026-01-01T00:00:00Z')))).toBe('2026-01-02T00:00:00.000Z')
})

describe('when clocks are put forward in Berlin, from 02:00 to 03:00', () => {
  const day = '2026-03-29'
  test('a time that the day does not have is fired once, as the gap ends', () => {
    expect(onDay(berlin('30 2 * * *'), day)).toEqual(['2026-03-29T01:00:00.000Z'])
    expect(onDay(berlin('59 2 * * *'), day)).toEqual(['2026-03-29T01:00:00.000Z'])
  })
  test('of several times, those are left out that the day does not have', () => {
    expect(onDay(berlin('30 2,4 * * *'), day)).toEqual(['2026-03-29T02:30:00.000Z'])
    expect(onDay(berlin('0,30 2 * * *'), day)).toEqual([])
  })
  test('each hour that there is has its time', () => {
    expect(onDay(berlin('30 * * * *'), day).slice(0, 3)).toEqual([
      '2026-03-29T00:30:00.000Z',
      '2026-03-29T01:30:00.000Z',
      '2026-03-29T02:30:00.000Z',
    ])
  })
})

describe('when clocks are put back in Berlin, from 03:00 to 02:00', () => {
  const day = '2026-10-25'
  test('a time that the day has twice is fired once, the first time', () => {
    expect(onDay(berlin('30 2 * * *'), day)).toEqual(['2026-10-25T00:30:00.000Z'])
  })
  test('of several times, those are fired twice that the day has twice', () => {
    const twice = ['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z']
    expect(onDay(berlin('30 2,4 * * *'), day)).toEqual([...twice, '2026-10-25T03:30:00.000Z'])
  })
  test('what is planned in every hour is fired in both', () => {
    expect(onDay(berlin('30 * * * *'), day).slice(0, 3)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
      '2026-10-25T02:30:00.000Z',
    ])
  })
})

const crons = [
  '* * * * *',
  '*/7 * * * *',
  '30 2 * * *',
  '30 * * * *',
  '0 2,3 * * *',
  '30 1 * * SUN',
  '59 23 L * *',
  '@weekly',
]
const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/Sao_Paulo']
// Around the ends of daylight saving in the north and the south.
const moments = ['2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01']

test('the latest planned time is the last of those that come one after the other, wherever one begins', () => {
  const hours = integer({ min: 0, max: 48 * 3_600_000 })
  const moment = constantFrom(...moments.map((day) => ms(`${day}T00:00:00Z`) - 24 * 3_600_000))
  assert(
    property(
      constantFrom(...crons),
      constantFrom(...zones),
      moment,
      hours,
      hours,
      (cron, timeZone, day, one, other) => {
        const [from, to] = [day + Math.min(one, other), day + Math.max(one, other)]
        const plan = planOf(reports({ cron, timeZone }))
        expect(plan.latest(from, to)).toBe(between(plan, iso(from), iso(to)).map(ms).at(-1))
      },
    ),
    { numRuns: 100 },
  )
})

test('who was away for a year does not count its minutes', () => {
  const plan = planOf(reports())
  const begun = performance.now()
  expect(plan.latest(ms('2025-01-01T00:00:00Z'), ms('2026-01-01T00:00:30Z'))).toBe(ms('2026-01-01T00:00:00Z'))
  expect(performance.now() - begun).toBeLessThan(1_000)
})

describe('a producer does not start', () => {
  const nowMs = ms('2026-01-01T00:00:00Z')
  const lines = (...schedules: Parameters<typeof readPlans>[0]) => {
    try {
      readPlans(schedules, { catalogue: [reportDue], namespace: 'test', nowMs })
      return []
    } catch (error) {
      return (error as { lines: readonly string[] }).lines
    }
  }
  const wayOut = 'use five fields such as "0 3 * * *", or @daily'

  test.each([
    ['0 0 3 * * *', `cannot be read (it has not five fields); ${wayOut}`],
    ['2026-05-01T00:00:00', `cannot be read (it has not five fields); ${wayOut}`],
    ['', `cannot be read (it has not five fields); ${wayOut}`],
    ['61 * * * *', `cannot be read (Invalid value for minute: 61); ${wayOut}`],
    ['0 0 30 2 *', 'never comes true; name a day that the calendar has'],
  ])('with the cron expression "%s"', (cron, why) => {
    expect(lines(reports({ cron }))).toEqual([`schedule "reports": the cron expression "${cron}" ${why}`])
  })

  test.each(['@reboot', '@never', 'x * * * *', '* * * * MOO'])(
    'with the cron expression "%s", in the words of croner',
    (cron) => {
      expect(lines(reports({ cron }))[0]).toMatch(
        /^schedule "reports": the cron expression ".*" cannot be read \(.+\); use five fields/,
      )
    },
  )

  test.each(['', 'Mars/Olympus'])('in the time zone "%s"', (timeZone) => {
    expect(lines(reports({ timeZone }))).toEqual([
      `schedule "reports": the time zone "${timeZone}" is unknown; use a name such as Europe/Berlin`,
    ])
  })

  test('with data that does not fit, or cannot be made', () => {
    const facts = { cron: '@daily', type: reportDue }
    const failing = (): { at: string } => {
      throw new Error('no report')
    }
    expect(lines(schedule('empty', { ...facts, data: { at: '' } }))).toEqual([
      'schedule "empty": "report.due" does not fit its schema: /at must NOT have fewer than 1 characters',
    ])
    expect(lines(schedule('failing', { ...facts, data: failing }))).toEqual(['schedule "failing": no report'])
    expect(lines(schedule('missing', { ...facts, data: (() => undefined) as never }))).toEqual([
      'schedule "missing": "report.due" does not fit its schema: / must be object',
    ])
  })

  test('with several mistakes: each has its line', () => {
    expect(lines(reports({ cron: 'x' }), reports())).toEqual([
      'schedule "reports" stands twice in schedules.ts',
      `schedule "reports": the cron expression "x" cannot be read (it has not five fields); ${wayOut}`,
    ])
  })
})
