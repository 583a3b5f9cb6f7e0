import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterExit, type NextStep } from '../../scripts/supervise/after-exit'
import type { Program } from '../../scripts/supervise/program'
import { supervise, type Rules } from '../../scripts/supervise/supervise'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { newFolder, type Folder } from './support/folder'
import { start } from './support/process'

/** Notes every start in the file `starts`, then does what the test wants. */
const noted = `require('node:fs').appendFileSync('starts', process.pid + '\\n');`
const stays = `setInterval(() => undefined, 1000); process.on('SIGTERM', () => process.exit(0));`

// Whole lines only: a file may be read between its making and its first line.
function linesIn(folder: Folder, name: string): string[] {
  const file = join(folder.path, name)
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []
}

function programIn(folder: Folder, source: string): Program {
  folder.write('program.js', `process.chdir(${JSON.stringify(folder.path)}); ${noted} ${source}`)
  return {
    name: 'fake',
    command: process.execPath,
    args: [join(folder.path, 'program.js')],
    env: process.env,
    untilReady: async () => (await eventually('the start', () => linesIn(folder, 'starts').length > 0), true),
  }
}

function run(program: Program, rules: Partial<Rules> = {}) {
  const said: string[] = []
  const one = supervise(program, {
    say: (line) => said.push(line),
    afterExit: (ended) => afterExit(ended, () => 0),
    findObstacle: () => Promise.resolve(undefined),
    ...rules,
  })
  atEnd(() => {
    one.kill()
    return one.outcome
  })
  return { one, said }
}

test('starts a program again that has crashed, and says how it ended', async () => {
  const folder = newFolder()
  const crashOnce = `if (!require('node:fs').existsSync('crashed')) { require('node:fs').writeFileSync('crashed', ''); process.exit(3) }`
  const { said } = run(programIn(folder, `${crashOnce} ${stays}`))
  await eventually('the second start', () => linesIn(folder, 'starts').length === 2)
  expect(said).toEqual(['fake ended (exit code 3); starting it again in 0.0 s'])
})

test('starts a program again that was killed', async () => {
  const folder = newFolder()
  const { said } = run(programIn(folder, stays))
  const [pid] = await eventually(
    'the first start',
    () => linesIn(folder, 'starts').length === 1 && linesIn(folder, 'starts'),
  )
  process.kill(Number(pid), 'SIGKILL')
  await eventually('the second start', () => linesIn(folder, 'starts').length === 2)
  expect(said).toEqual(['fake ended (ended by SIGKILL); starting it again in 0.0 s'])
})

test('gives up a program that ends with 78', async () => {
  const folder = newFolder()
  const { one } = run(programIn(folder, 'process.exit(78)'))
  expect(await one.outcome).toEqual({ kind: 'gave_up', why: expect.stringContaining('settings') as string })
  expect(linesIn(folder, 'starts')).toHaveLength(1)
})

test('gives up a program that ends before it was ready when an obstacle is found', async () => {
  const folder = newFolder()
  const program = { ...programIn(folder, 'process.exit(1)'), untilReady: () => Promise.resolve(false) }
  const { one } = run(program, { findObstacle: () => Promise.resolve('the port is taken') })
  expect(await one.outcome).toEqual({ kind: 'gave_up', why: 'the port is taken' })
})

test('counts failures in a row, and hands them to the rule', async () => {
  const folder = newFolder()
  const failures: number[] = []
  const rule = (count: number): NextStep =>
    count === 2 ? { kind: 'give_up', why: 'enough' } : { kind: 'restart', afterMs: 0, failures: count + 1 }
  const { one } = run(programIn(folder, 'process.exit(1)'), {
    afterExit: (ended) => (failures.push(ended.failures), rule(ended.failures)),
  })
  await one.outcome
  expect(failures).toEqual([0, 1, 2])
})

test('a stop lets the program end by itself and starts no other', async () => {
  const folder = newFolder()
  const drains = `process.on('SIGTERM', () => { require('node:fs').writeFileSync('drained', ''); process.exit(0) }); setInterval(() => undefined, 1000); require('node:fs').writeFileSync('listening', '')`
  const { one } = run(programIn(folder, drains))
  await eventually('the program to listen', () => existsSync(join(folder.path, 'listening')))
  expect(await one.stop(30_000)).toMatchObject({ kind: 'stopped', exit: { code: 0 } })
  expect(existsSync(join(folder.path, 'drained'))).toBe(true)
  expect(linesIn(folder, 'starts')).toHaveLength(1)
})

test('a program that does not obey is killed after its grace', async () => {
  const folder = newFolder()
  const deaf = `process.on('SIGTERM', () => require('node:fs').writeFileSync('deaf', '')); setInterval(() => undefined, 1000); require('node:fs').writeFileSync('listening', '')`
  const { one } = run(programIn(folder, deaf))
  await eventually('the start', () => existsSync(join(folder.path, 'listening')))
  expect(await one.stop(2_000)).toMatchObject({ kind: 'stopped', exit: { signal: 'SIGKILL' } })
  expect(existsSync(join(folder.path, 'deaf'))).toBe(true)
})

test('a stop cuts the wait before the next start short', async () => {
  const folder = newFolder()
  const { one, said } = run(programIn(folder, 'process.exit(1)'), {
    afterExit: () => ({ kind: 'restart', afterMs: 3_600_000, failures: 1 }),
  })
  await eventually('the wait', () => said.length === 1)
  expect(await one.stop(30_000)).toEqual({ kind: 'stopped', exit: undefined })
})

test('a restart on purpose is no failure', async () => {
  const folder = newFolder()
  const { one, said } = run(programIn(folder, stays))
  await eventually('the first start', () => linesIn(folder, 'starts').length === 1)
  one.restart()
  await eventually('the second start', () => linesIn(folder, 'starts').length === 2)
  expect(said).toEqual([])
})

test('a command that does not exist is told as it is', async () => {
  const folder = newFolder()
  const program = { ...programIn(folder, stays), command: '/no/such/node', untilReady: () => Promise.resolve(false) }
  const { one } = run(program)
  expect(await one.outcome).toMatchObject({ kind: 'gave_up', why: expect.stringContaining('ENOENT') as string })
})

describe('from the outside', () => {
  const repository = join(__dirname, '..', '..')

  /** A supervisor in a process of its own, in a group of its own, as a terminal would start it. */
  function supervisorOf(folder: Folder) {
    const notes = (event: string) =>
      `process.on('${event}', () => require('node:fs').appendFileSync('heard', '${event}\\n'));`
    const source = `${notes('SIGINT')} ${notes('disconnect')} process.on('disconnect', () => process.exit(0)); setInterval(() => undefined, 1000); require('node:fs').writeFileSync('listening', '')`
    const { args } = programIn(folder, source)
    const main = folder.write(
      'supervisor.js',
      `const { supervise } = require(${JSON.stringify(join(repository, 'scripts/supervise/supervise.ts'))})
      process.on('SIGINT', () => undefined)
      supervise(
        { name: 'fake', command: process.execPath, args: ${JSON.stringify(args)}, env: process.env, untilReady: async () => true },
        { say: console.log, afterExit: () => ({ kind: 'give_up', why: '' }), findObstacle: async () => undefined },
      )`,
    )
    return start(process.execPath, ['-r', 'ts-node/register/transpile-only', main], { cwd: repository })
  }

  test('a Ctrl-C reaches the supervisor alone; when it is killed, the program hears of its end', async () => {
    const folder = newFolder()
    const supervisor = supervisorOf(folder)
    await eventually('the program to listen', () => existsSync(join(folder.path, 'listening')))
    supervisor.killGroup('SIGINT')
    supervisor.kill('SIGKILL')
    await eventually('the program to hear', () => linesIn(folder, 'heard').length > 0)
    expect(linesIn(folder, 'heard')).toEqual(['disconnect'])
  })
})
