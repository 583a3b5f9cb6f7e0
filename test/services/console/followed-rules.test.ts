/** The routes file as the console follows it: also one that is wrong, which services refuse to start by. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Lifecycle } from '../../../shared/runtime/lifecycle'
import { followRules } from '../../../services/console/routes/followed-rules'
import { atEnd } from '../../support/ends'
import { eventually } from '../../support/eventually'
import { copies, known, large, withRules } from './routes-fixtures'

async function followed(text: string | undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'handoff-rules-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'r.yaml')
  if (text !== undefined) await writeFile(path, text)
  const lines: string[] = []
  const note = (_: object, line: string) => void lines.push(line)
  const lifecycle = new Lifecycle()
  atEnd(() => lifecycle.stop())
  let now = 1_000
  const logger = { info: note, warn: note, error: note }
  const rules = await followRules(lifecycle, { config: { ROUTES_FILE: path }, known, logger, now: () => now++ })
  return { rules, folder, lines, becomes: (next: string) => writeFile(path, next) }
}

test('rules come into effect by themselves, and since when is told', async () => {
  const { rules, becomes, lines } = await followed(withRules(copies))
  const before = rules.view()
  expect(before).toMatchObject({ name: 'r.yaml', state: 'in effect', text: withRules(copies), mistakes: [] })
  await becomes(withRules(copies, large))
  await eventually('the other rules', () => rules.current().rules.length === 2)
  const after = rules.view()
  expect(after.since).toBeGreaterThan(before.since)
  expect(after.hash).not.toBe(before.hash)
  expect(lines).toEqual(['routing rules are in effect', 'routing rules are in effect'])
})

test('a file that is wrong from the start is told with its lines and without its folder, until it is mended', async () => {
  const { rules, folder, becomes } = await followed(withRules('name: a, match: order.placed'))
  expect(rules.view()).toMatchObject({ state: 'none', hash: '', text: '' })
  expect(rules.view().mistakes).toEqual([
    'r.yaml:3: rule "a" does nothing; give it route, copy, drop, delay, key, priority',
  ])
  expect(JSON.stringify(rules.view())).not.toContain(folder)
  expect(rules.check().status).toBe('degraded')
  await becomes(withRules(copies))
  await eventually('the sound rules', () => rules.view().state === 'in effect')
  expect(rules.view().mistakes).toEqual([])
  expect(rules.check().status).toBe('ok')
})

test('one that is named and not there is told, and one that breaks later leaves its rules in effect', async () => {
  const { rules, folder, becomes } = await followed(undefined)
  expect(rules.view().mistakes).toEqual(['r.yaml is not there; write it, with "rules: []" for none'])
  expect(JSON.stringify(rules.view())).not.toContain(folder)
  await becomes(withRules(copies))
  await eventually('the rules', () => rules.view().state === 'in effect')
  await becomes('rules: [')
  await eventually('the mistakes', () => rules.view().mistakes.length > 0)
  expect(rules.view()).toMatchObject({ state: 'in effect', text: withRules(copies) })
})
