import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from '../support/eventually'
import { start } from './support/process'
import { changeLock, newProject } from './support/project'

const sayArguments = `const text: string = process.argv.slice(2).join(' ')
console.log('task says', text)
process.exitCode = 7
`

test('installs what is missing, then runs the task with its arguments and exit code', async () => {
  const project = newProject(sayArguments)
  const { code, output } = await project.bootstrap('task', 'one', '--two').ended
  expect(output).toContain('installing dependencies')
  expect(output).toContain('task says one --two')
  expect(code).toBe(7)
  expect(project.npmCalls()).toEqual(['ci --include=dev --no-fund --no-audit'])
})

test('does not install twice from one lock file, and again from a changed one', async () => {
  const project = newProject(sayArguments)
  await project.bootstrap('task').ended
  const { output } = await project.bootstrap('task').ended
  expect(output).toBe('task says \n')
  expect(project.npmCalls()).toHaveLength(1)
  changeLock(project)
  await project.bootstrap('task').ended
  expect(project.npmCalls()).toHaveLength(2)
})

describe('dependencies that a person has installed', () => {
  const installed = (integrity: string) => `{"packages":{"node_modules/a":{"integrity":"${integrity}"}}}`

  test('are taken as they are when they came from the same lock file', async () => {
    const project = newProject(sayArguments)
    await project.bootstrap('task').ended
    rmSync(join(project.path, 'node_modules', '.installed-from'))
    project.write('node_modules/.package-lock.json', installed('sha512-a'))
    await project.bootstrap('task').ended
    expect(project.npmCalls()).toHaveLength(1)
  })

  test('are replaced when they came from another', async () => {
    const project = newProject(sayArguments)
    project.write('node_modules/.package-lock.json', installed('sha512-other'))
    await project.bootstrap('task').ended
    expect(project.npmCalls()).toHaveLength(1)
  })

  test('may lack a package that is optional, and no other', async () => {
    const project = newProject(sayArguments)
    await project.bootstrap('task').ended
    rmSync(join(project.path, 'node_modules', '.installed-from'))
    project.write('node_modules/.package-lock.json', installed('sha512-a'))
    project.write('package-lock.json', installed('sha512-a').replace('}}}', '},"node_modules/b":{"optional":true}}}'))
    await project.bootstrap('task').ended
    expect(project.npmCalls()).toHaveLength(1)
    rmSync(join(project.path, 'node_modules', '.installed-from'))
    project.write('package-lock.json', installed('sha512-a').replace('}}}', '},"node_modules/b":{}}}'))
    await project.bootstrap('task').ended
    expect(project.npmCalls()).toHaveLength(2)
  })
})

test('shows the words of npm when it fails, runs nothing, and tries again the next time', async () => {
  const project = newProject(sayArguments)
  const broken = project.write('broken', '')
  const { code, output } = await project.bootstrap('task').ended
  expect(code).toBe(1)
  expect(output).toContain('npm error: the registry is away')
  expect(output).toContain('npm ci failed (exit code 3)')
  expect(output).not.toContain('task says')
  rmSync(broken)
  expect((await project.bootstrap('task').ended).code).toBe(7)
})

test('two at once install once: the second waits and says for whom', async () => {
  const project = newProject(sayArguments)
  const hold = project.write('hold', '')
  const first = project.bootstrap('task')
  await eventually('the first to install', () => project.npmCalls().length === 1)
  const second = project.bootstrap('task')
  await eventually('the second to wait', () => second.output().includes(`waiting for process ${first.pid}`))
  rmSync(hold)
  expect((await first.ended).code).toBe(7)
  expect((await second.ended).code).toBe(7)
  expect(project.npmCalls()).toHaveLength(1)
  expect(existsSync(join(project.path, '.handoff', 'install.lock'))).toBe(false)
})

test('takes the lock over from a process that is gone', async () => {
  const project = newProject(sayArguments)
  const gone = start('true', [], { cwd: project.path })
  await gone.ended
  mkdirSync(join(project.path, '.handoff', 'install.lock'), { recursive: true })
  project.write(`.handoff/install.lock/${gone.pid}`, '')
  expect((await project.bootstrap('task').ended).code).toBe(7)
})

test('names the tasks there are when asked for another', async () => {
  const { code, output } = await newProject(sayArguments).bootstrap('tsak').ended
  expect(output).toBe('handoff: there is no task "tsak"; the tasks are: task\n')
  expect(code).toBe(1)
})

test('falls back on the present Node when the one of the project cannot be used', async () => {
  const project = newProject(sayArguments)
  await project.bootstrap('task').ended
  rmSync(join(project.path, 'node_modules', '.bin'))
  project.write('node_modules/.bin/node', '#!/bin/sh\necho 20.1.0\n', 0o755)
  expect((await project.bootstrap('task', 'still').ended).output).toContain('task says still')
})

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  'passes %s on to the task and ends with its exit code',
  async (name) => {
    const project = newProject(`process.on('${name}', () => process.exit(9))
setInterval(() => undefined, 1000)
console.log('listening')
`)
    const running = project.bootstrap('task')
    await eventually('the task to listen', () => running.output().includes('listening'))
    running.kill(name)
    expect((await running.ended).code).toBe(9)
  },
)
