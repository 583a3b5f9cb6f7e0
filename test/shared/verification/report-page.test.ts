import { ratesOf } from '../../../shared/verification/chart'
import { honest } from '../../../shared/verification/judge'
import type { Report } from '../../../shared/verification/report'
import { reportPage } from '../../../shared/verification/report-page'

const report: Report = {
  ...{ result: 'nothing lost or doubled', startedAt: '2026-01-01T00:00:00.000Z', seconds: 4, bound: 'no bound' },
  versions: { handoff: '0.1.0' },
  options: { seed: 7, preload: '<script>&"' },
  tally: { sent: 30, attempts: 31, accepted: 30, processed: 40, dead: 1, resolved: 1 },
  verdict: honest,
  faults: [{ name: 'half-open', beganMs: 1_000, endedMs: 2_000, readyAfterMs: 300 }],
  samples: [
    { atMs: 1_000, sent: 10, accepted: 10, processed: 5 },
    { atMs: 3_000, sent: 30, accepted: 30, processed: 45 },
  ],
}

test('rates are per second, however far the samples lie apart', () => {
  expect(ratesOf(report.samples)).toEqual([
    { atMs: 1_000, accepted: 10, processed: 5 },
    { atMs: 3_000, accepted: 10, processed: 20 },
  ])
})

test('two samples in one moment are one', () => {
  const [first] = report.samples
  expect(ratesOf(first === undefined ? [] : [first, first])).toHaveLength(1)
})

test('the page holds verdict, chart, faults, versions and options, and loads nothing', () => {
  const page = reportPage(report)
  for (const words of [
    'nothing lost or doubled',
    '<svg',
    'half-open</td>',
    '0.1.0',
    '<td>7</td>',
    'lost              0',
  ])
    expect(page).toContain(words)
  expect(page.match(/<polyline/g)).toHaveLength(2)
  expect(page).not.toMatch(/<script|<link|src=|url\(|https?:/)
  expect(page).toContain('&lt;script&gt;&amp;&quot;')
})

test('what is lost is named on it', () => {
  const page = reportPage({ ...report, result: 'a gap', verdict: { ...honest, lost: ['message-7 in left'] } })
  expect(page).toContain('<body class="gap">')
  expect(page).toContain('message-7 in left')
})

test('a run of no length has a chart, too', () => {
  expect(reportPage({ ...report, samples: [], faults: [] })).not.toMatch(/NaN|Infinity/)
})
