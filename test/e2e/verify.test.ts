/** `handoff verify --no-faults`, against a pair that stands for somebody's deployment. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Report } from '../../shared/verification/report'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { startService } from '../support/service'
import { handoff } from './handoff'
import { startPair } from './pair'

const broker = useBroker()
const small = ['verify', '--no-faults', '--messages', '20']

test('a deployment that loses nothing is told so, with a report', async () => {
  const pair = await startPair(broker.url, { NAMESPACE: 'verify' })
  const folder = mkdtempSync(join(tmpdir(), 'handoff-verify-'))
  atEnd(() => rmSync(folder, { recursive: true }))
  const { code, stdout } = await handoff([...small, '--url', pair.producer.url, '--report', folder])
  expect(code).toBe(0)
  expect(stdout).toContain('fewer than one in 6 accepted messages')
  const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report
  expect(report).toMatchObject({ result: 'nothing lost or doubled', tally: { sent: 20, accepted: 20, processed: 20 } })
  expect(report.samples.at(-1)).toMatchObject({ sent: 20, accepted: 20, processed: 20 })
  expect(readFileSync(join(folder, 'history.ndjson'), 'utf8').trim().split('\n')).toHaveLength(20)
})

test('what was accepted and has not come to its end is a gap: exit code 1', async () => {
  const shared = { BROKER_URL: broker.url, NAMESPACE: 'unworked' }
  const producer = await startService('producer', shared)
  const { code, stdout, stderr } = await handoff([...small, '--url', producer.url, '--patience', '2'])
  expect(code).toBe(1)
  expect(stdout).toMatch(/20 still under way\n {2}verify-[0-9a-f]{8}-\d+ in /)
  expect(stderr).toContain('handoff: there is a gap: see above\n')
})

test('a report that cannot be written costs no verdict, and is exit code 1', async () => {
  const pair = await startPair(broker.url, { NAMESPACE: 'unwritten' })
  const folder = mkdtempSync(join(tmpdir(), 'handoff-verify-'))
  atEnd(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'report.json'))
  const { code, stdout, stderr } = await handoff([...small, '--url', pair.producer.url, '--report', folder])
  expect(stdout).toContain('fewer than one in 6 accepted messages')
  expect(stderr).toContain(`handoff: the report cannot be written into ${folder}: EISDIR`)
  expect(code).toBe(1)
})

test('without a producer, it says so at once', async () => {
  const { code, stderr } = await handoff([...small, '--url', 'http://127.0.0.1:9'])
  expect(code).toBe(1)
  expect(stderr).toContain('handoff: no producer answers at http://127.0.0.1:9')
})

test.each([
  [['verify', '--no-faults', '--type', 'nobody.knows'], '--type is "nobody.knows"; the types are '],
  [['verify'], 'run `npm run verify`, or give --no-faults'],
])('%s: the command line is wrong, with the way out', async (args, words) => {
  const { code, stderr } = await handoff(args)
  expect(code).toBe(2)
  expect(stderr).toContain(words)
})
