import type { Attempt } from '../../../shared/verification/attempt'
import { honest, type Found } from '../../../shared/verification/judge'
import { reportOf } from '../../../shared/verification/report-of'
import { RunClock } from '../../../shared/verification/run-clock'
import { verdictText } from '../../../shared/verification/verdict-text'

const at = '2026-01-01T00:00:00.000Z'
const attempt = (subject: string, status: Attempt['status'], outcome?: string): Attempt => ({
  ...{ subject, bodyHash: 'body', expected: { left: 'facts' }, status, sentAt: at, answeredAt: at },
  ...(outcome !== undefined && { outcome }),
})
const history = [attempt('A', 'no answer'), attempt('A', 202), attempt('B', 202), attempt('C', 503, 'not_accepted')]
const done = (subject: string) => ({ group: 'left', subject, messageId: subject, factsHash: 'facts' })

function report(found: Partial<Found>, unfinished: readonly string[] = []) {
  const whole = { effects: [], parked: [], queued: 0, ...found }
  return reportOf(history, { found: whole, clock: new RunClock(), faults: [], versions: {}, options: {}, unfinished })
}

test('an honest run is counted: sent, accepted, found out by a repeat, done, dead', () => {
  const letter = { group: 'left', subject: 'B', bodyHash: 'body' }
  const whole = report({ effects: [done('A')], parked: [letter, letter] })
  expect(whole).toMatchObject({ result: 'nothing lost or doubled', verdict: honest })
  expect(whole.tally).toEqual({ sent: 3, attempts: 4, accepted: 2, processed: 1, dead: 1, resolved: 1 })
})

test('a gap is named, with what was lost and doubled', () => {
  const whole = report({ effects: [done('A'), done('A')] })
  expect(whole.result).toBe('a gap')
  const text = verdictText(whole).join('\n')
  expect(text).toContain('1 lost: accepted, and neither done nor dead nor in a queue\n  B in left')
  expect(text).toContain('1 doubled: done more than once, or done and dead\n  A in left')
})

test('a run that was not brought to its end is told with its reason, and bounds nothing', () => {
  const effects = [done('A'), done('B')]
  const whole = report({ effects }, ['interrupted'])
  expect(whole).toMatchObject({ result: 'not brought to its end', verdict: honest, unfinished: ['interrupted'] })
  expect(verdictText(whole)).toContain('not brought to its end: interrupted')
  expect(whole.bound).toBe('no bound: the run was not brought to its end')
  expect(report({ effects: [...effects, done('A')] }, ['interrupted']).result).toBe('a gap')
})

test('of many that are lost, the first ten are named', () => {
  const many = Array.from({ length: 12 }, (_, at) => attempt(`M${at}`, 202))
  const whole = reportOf(many, {
    ...{ found: { effects: [], parked: [], queued: 0 }, clock: new RunClock() },
    ...{ faults: [], versions: {}, options: {} },
  })
  const lines = verdictText(whole)
  expect(lines.filter((line) => /^ {2}M\d+ in left$/.test(line))).toHaveLength(10)
  expect(lines).toContain('  and 2 more')
})
