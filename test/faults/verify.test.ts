/** `npm run verify` finds nothing wrong with the pair as it is, and something with one that a fault was planted into. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { faultNames } from '../../scripts/verification/faults/all'
import type { Report } from '../../shared/verification/report'
import { atEnd, mustBeGone } from '../support/ends'
import { isLongRun } from '../support/how-many'

const root = resolve(__dirname, '..', '..')

// Each run builds first, which takes longer than a minute beside two other files.
jest.setTimeout(isLongRun ? 3_600_000 : 900_000)

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Reported extends Ended {
  readonly report: () => Report
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-verify-'))
  atEnd(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function verifyInto(folder: string, args: readonly string[]): Promise<Ended> {
  const command = ['scripts/bootstrap.mjs', 'verify', ...args, '--report', folder]
  const child = spawn(process.execPath, command, { cwd: root, env: { PATH: process.env['PATH'] } })
  mustBeGone('npm run verify', () => child.exitCode === null && child.signalCode === null)
  atEnd(() => child.kill('SIGTERM'))
  const said = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (part: string) => (said.stdout += part))
  child.stderr.setEncoding('utf8').on('data', (part: string) => (said.stderr += part))
  const code = await new Promise<number | null>((ended) => child.once('close', ended))
  return { code, ...said }
}

async function verify(args: readonly string[]): Promise<Reported> {
  const folder = join(newFolder(), 'report')
  const ended = await verifyInto(folder, args)
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('<svg')
  const text = () => readFileSync(join(folder, 'report.json'), 'utf8')
  return { ...ended, report: () => JSON.parse(text()) as Report }
}

const sample = ['consumer-killed-at-commit', 'producer-replaced', 'connection-cut', 'binding-deleted']

test('killed, replaced, cut off and without a binding: nothing is lost, and the report tells the whole of it', async () => {
  const kinds = isLongRun ? [...faultNames] : sample
  const { code, stdout, report } = await verify(
    `--messages 300 --rate 50 --faults ${kinds.length} --seed 7 --kinds ${kinds.join(',')}`.split(' '),
  )
  expect(stdout).toContain('nothing lost or doubled')
  expect(code).toBe(0)
  const { result, tally, faults, options, versions, samples } = report()
  expect({ result, options }).toMatchObject({ result: 'nothing lost or doubled', options: { seed: 7 } })
  expect(tally.accepted).toBeGreaterThanOrEqual(300)
  expect(tally.dead).toBeGreaterThan(0)
  expect(faults.map(({ name }) => name).sort()).toEqual(kinds.sort())
  expect(versions).toHaveProperty('rabbitmq')
  expect(samples.at(-1)).toMatchObject({ sent: tally.sent, accepted: tally.accepted, processed: tally.processed })
})

test('acked before it was worked on: lost, and named, with exit code 1', async () => {
  const { code, stdout, report } = await verify(
    '--messages 300 --rate 200 --faults 2 --seed 7 --kinds consumer-killed --patience 5 --preload'
      .split(' ')
      .concat('test/faults/sabotage/ack-first.mjs'),
  )
  expect(code).toBe(1)
  const { result, verdict } = report()
  expect(result).toBe('a gap')
  expect(verdict.lost[0]).toMatch(/^message-\d+ in (once|left|right)$/)
  expect(stdout).toContain(
    `${verdict.lost.length} lost: accepted, and neither done nor dead nor in a queue\n  message-`,
  )
})

const few = '--messages 20 --rate 50 --faults 0 --seed 7'.split(' ')

test('a report that cannot be written costs no verdict, and is exit code 1', async () => {
  const folder = newFolder()
  mkdirSync(join(folder, 'report.json'))
  const { code, stdout, stderr } = await verifyInto(folder, few)
  expect(stdout).toMatch(/^sent +20 [^]*\nnothing lost or doubled\n$/)
  expect(stderr).toContain(`the report cannot be written into ${folder}: EISDIR`)
  expect(code).toBe(1)
})
