/** Each alert is tested, has a page, and asks for what there is. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { alertCases, alerts, deployed, root, rules } from './alerts'
import { asked, metricsIn } from './expressions'
import { knownMetrics, ofBroker, ofQueues } from './known-metrics'
import { promtool, withPromtool } from './promtool'

const names = alerts.map(({ alert = '' }) => alert)
const [testPromtool, hint] = withPromtool
const textOf = (document: string) => readFileSync(join(root, document), 'utf8')
const file = (name: string) => join(deployed, 'prometheus', name)
const pageOf = (alert: string) =>
  `docs/runbooks/${alert
    .replace('Handoff', '')
    .replaceAll(/(?<=.)[A-Z]/g, '-$&')
    .toLowerCase()}.md`

test('no two alerts have one name', () => {
  expect(names).toEqual([...new Set(names)])
})

test.each(names)('%s has a case in which it fires, and one in which it is silent', (name) => {
  const cases = alertCases.filter(({ alertname }) => alertname === name)
  expect(cases.some(({ exp_alerts: fired }) => fired.length > 0)).toBe(true)
  expect(cases.some(({ exp_alerts: fired }) => fired.length === 0)).toBe(true)
})

test.each(alerts)('$alert says how bad it is, what is so, and where to read on', ({ alert = '', ...rule }) => {
  expect(['warning', 'critical']).toContain(rule.labels?.['severity'])
  expect(Object.keys(rule.annotations ?? {})).toEqual(['summary', 'description', 'runbook_url'])
  expect(rule.annotations?.['runbook_url']).toBe(pageOf(alert))
  expect(textOf(pageOf(alert))).toContain(`# ${alert}\n`)
})

test('there is no page without its alert, and all are in the table of pages and of metrics', () => {
  const pages = globSync('docs/runbooks/*.md', { cwd: root }).filter((page) => !page.endsWith('README.md'))
  expect(pages.sort()).toEqual(names.map(pageOf).sort())
  for (const table of ['docs/runbooks/README.md', 'docs/reference/metrics.md'])
    expect(names.filter((name) => !textOf(table).includes(`[${name}](`))).toEqual([])
})

test.each(rules.map(({ alert, record, expr }) => [alert ?? record, expr]))(
  '%s asks for what there is',
  async (_, expr) => {
    const known = await knownMetrics()
    expect(metricsIn(expr).length).toBeGreaterThan(0)
    expect(metricsIn(expr).filter((name) => !known.has(name))).toEqual([])
  },
)

test('of the broker no metric is known that nobody asks for', () => {
  const used = [...rules.map(({ expr }) => expr), ...asked].flatMap(metricsIn)
  expect([...ofBroker, ...ofQueues].filter((name) => !used.includes(name))).toEqual([])
})

testPromtool(`promtool: the configuration is one${hint}`, async () => {
  await promtool('check', 'config', file('prometheus.yml'))
})

testPromtool(`promtool: the rules are some, and pass their tests${hint}`, async () => {
  await promtool('check', 'rules', '--lint=all', '--lint-fatal', file('alerts.yml'))
  await promtool('test', 'rules', file('alerts.test.yml'))
})
