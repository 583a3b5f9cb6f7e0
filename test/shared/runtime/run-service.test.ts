import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { atEnd } from '../../support/ends'
import { eventually } from '../../support/eventually'

const fixture = join(__dirname, 'fixtures', 'service.ts')

interface Run {
  readonly child: ChildProcess
  output(): string
  exit(): Promise<number | null>
  heard(text: string): Promise<unknown>
}

async function ended(output: Readable | null): Promise<void> {
  if (output !== null) await finished(output)
}

/** A real service in a process of its own: signals and exit codes cannot be had otherwise. */
function start(behaviour: string, environment: NodeJS.ProcessEnv = {}): Run {
  const child = fork(fixture, [behaviour], {
    execArgv: ['-r', 'ts-node/register/transpile-only'],
    env: { PATH: process.env['PATH'], ...environment },
    silent: true,
  })
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [exit, ...outputs] = [once(child, 'exit') as Promise<[number | null]>, ended(child.stdout), ended(child.stderr)]
  atEnd(() => child.exitCode ?? child.signalCode ?? child.kill('SIGKILL'))
  return {
    child,
    output: () => output,
    // The last words may come after the end. The event 'close' would not do: without the channel it never comes.
    exit: async () => {
      await Promise.all(outputs)
      return (await exit)[0]
    },
    heard: (text) => eventually(`output with "${text}"`, () => output.includes(text)),
  }
}

test.each(['SIGTERM', 'SIGINT'] as const)('%s takes the service apart and exits 0', async (signal) => {
  const run = start('normal')
  await run.heard('started')
  run.child.kill(signal)
  expect(await run.exit()).toBe(0)
  expect(run.output()).toContain('part stopped')
})

test('a second signal at once is the first one; one later than a second ends by force with 1', async () => {
  const run = start('slow-stop')
  await run.heard('started')
  run.child.kill('SIGINT')
  await run.heard('stopping')
  run.child.kill('SIGTERM')
  // The rule is about time itself: nothing else tells that a second has passed.
  await wait(1_200)
  expect(run.child.exitCode).toBeNull()
  run.child.kill('SIGTERM')
  expect(await run.exit()).toBe(1)
  expect(run.output()).toContain('ended by force')
})

test('the end of the parent is a request to stop', async () => {
  const run = start('normal')
  await run.heard('started')
  run.child.disconnect()
  expect(await run.exit()).toBe(0)
  expect(run.output()).toContain('part stopped')
})

test('a stop that takes longer than its deadline ends by force with 1', async () => {
  const run = start('slow-stop', { SHUTDOWN_TIMEOUT_MS: '200' })
  await run.heard('started')
  run.child.kill('SIGTERM')
  expect(await run.exit()).toBe(1)
  expect(run.output()).toContain('longer than 200 ms')
})

test('a signal during the start stops what has been started and exits 0', async () => {
  const run = start('slow-start')
  await run.heard('part started')
  run.child.kill('SIGTERM')
  expect(await run.exit()).toBe(0)
  expect(run.output()).toContain('part stopped')
})

test('a part that cannot be stopped makes the exit code 1', async () => {
  const run = start('failing-stop')
  await run.heard('started')
  run.child.kill('SIGTERM')
  expect(await run.exit()).toBe(1)
  expect(run.output()).toContain('could not stop cleanly')
})

test('a start that fails stops what was started and exits 1 with the sentence', async () => {
  const run = start('failing-start')
  expect(await run.exit()).toBe(1)
  expect(run.output()).toContain('could not start: the queue does not fit')
  expect(run.output()).toContain('part stopped')
})

test('wrong settings exit 78 with a readable line on standard error', async () => {
  const run = start('normal', { LOG_LEVEL: 'loud' })
  expect(await run.exit()).toBe(78)
  expect(run.output()).toBe(
    'fixture: LOG_LEVEL is "loud"; allowed: one of trace, debug, info, warn, error, fatal, silent\n',
  )
})

test.each(['uncaught', 'unhandled'])('an %s error is logged and exits 1 within a second', async (behaviour) => {
  const run = start(behaviour)
  await run.heard('breaks now')
  const brokeAt = performance.now()
  expect(await run.exit()).toBe(1)
  expect(performance.now() - brokeAt).toBeLessThan(1_000)
  expect(run.output()).toContain('canary fault')
})

test('a service that gives up says why, is taken apart and exits 1', async () => {
  const run = start('fails')
  expect(await run.exit()).toBe(1)
  expect(run.output()).toMatch(/"level":"fatal".*canary fault[^]*part stopped[^]*"stopped"/)
})

test('giving up during a stop that was asked for changes nothing', async () => {
  const run = start('fails-while-stopping')
  await run.heard('started')
  run.child.kill('SIGTERM')
  expect(await run.exit()).toBe(0)
  expect(run.output()).not.toContain('canary fault')
})
