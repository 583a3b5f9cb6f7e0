/** The dashboard is one that Grafana can show, and asks Prometheus for what there is. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atEnd } from '../support/ends'
import { promtool, withPromtool } from './promtool'
import { asked, dashboard, metricsIn } from './expressions'
import { knownMetrics } from './known-metrics'

const shown = dashboard.panels.filter(({ type }) => type !== 'row')
const [testPromtool, hint] = withPromtool

test('every panel has an id and a title of its own', () => {
  const { panels } = dashboard
  for (const names of [panels.map(({ id }) => String(id)), panels.map(({ title }) => title)])
    expect(names).toEqual([...new Set(names)])
})

test.each(shown)('$title says its unit and what it shows', ({ description, fieldConfig, targets }) => {
  expect(fieldConfig?.defaults.unit).toMatch(/\w/)
  expect(description).toMatch(/\.$/)
  expect(targets?.length).toBeGreaterThan(0)
})

test.each(asked)('there is what is asked for by %s', async (expression) => {
  const known = await knownMetrics()
  expect(metricsIn(expression).length).toBeGreaterThan(0)
  expect(metricsIn(expression).filter((name) => !known.has(name))).toEqual([])
})

testPromtool(`promtool: every expression is one${hint}`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-dashboard-'))
  atEnd(() => rmSync(folder, { recursive: true }))
  const rules = asked.map((expr, index) => ({ record: `panel_${index}`, expr }))
  // JSON is YAML, too.
  writeFileSync(join(folder, 'rules.yml'), JSON.stringify({ groups: [{ name: 'dashboard', rules }] }))
  await promtool('check', 'rules', join(folder, 'rules.yml'))
})
