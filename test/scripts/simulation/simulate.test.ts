import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { atEnd } from '../../support/ends'
import { eventually } from '../../support/eventually'

const root = join(__dirname, '..', '..', '..')

/** As `npm run simulate -- ARGUMENT…`. */
function start(...args: readonly string[]) {
  const child = spawn(process.execPath, ['scripts/bootstrap.mjs', 'simulate', ...args], { cwd: root })
  const code = new Promise<number | null>((resolve) => child.once('close', resolve))
  atEnd(async () => {
    child.kill('SIGKILL')
    await code
  })
  return { child, code }
}

async function simulate(...args: readonly string[]) {
  const { child, code } = start(...args)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await code, stdout, stderr }
}

test('runs so many seeds, and says how sure they make one', async () => {
  const { code, stdout } = await simulate('--seeds', '6', '--workers', '2')
  expect(stdout).toMatch(
    /^6 runs, \d+ messages, .*\n\d+\.\d runs a second, each with \d+\.\d ms .*\nruns in which there was: .*\nevery promise kept: .* in 2 breaks one\n$/,
  )
  expect(code).toBe(0)
})

test('tells the story of one', async () => {
  const { code, stdout } = await simulate('--seed', '47')
  expect(stdout).toMatch(/^\d+\.\d{3} /)
  expect(stdout).toMatch(/\d all faults end\n[^]*every promise kept\n$/)
  expect(code).toBe(0)
})

test('says what it does not understand, and the way out', async () => {
  expect(await simulate('--sedes', '6')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('use --seeds COUNT (1000)') as string,
  })
})

const onLinux = process.platform === 'linux' ? test : test.skip

onLinux('told to end, it leaves no process behind', async () => {
  const from = 3_000_000_000
  const { child, code } = start('--seeds', '100000', '--workers', '2', '--from', String(from))
  atEnd(() => workersFrom(from).forEach((pid) => process.kill(pid, 'SIGKILL')))
  child.stdout.resume()
  child.stderr.resume()
  await eventually('both simulate', () => workersFrom(from).length === 2)
  child.kill('SIGTERM')
  expect(await code).toBe(143)
  await eventually('both have ended', () => workersFrom(from).length === 0)
})

/** The ids of the two processes that have the seeds from there on. */
function workersFrom(seed: number): readonly number[] {
  const task = new RegExp(`seeds-child.ts\\0\\{"from":(${seed}|${seed + 1}),`)
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && task.test(commandOf(name)))
    .map(Number)
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
