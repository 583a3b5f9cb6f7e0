/** What keeps a run of Jest from ending: what a planted test forgets is found, and nothing of ours. */
import { join } from 'node:path'
import { newFolder } from '../../scripts/support/folder'
import { start } from '../../scripts/support/process'
import { eventually } from '../eventually'
import { brokerKind, runningBroker } from './running-brokers'

const root = join(__dirname, '..', '..', '..')
const jestItself = join(root, 'node_modules', 'jest', 'bin', 'jest.js')
const kind = brokerKind()

interface Run {
  readonly cwd: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** How long it may take from its last test's end to its own. */
  readonly endsWithinMs: number
}

// A Jest of its own, with a broker, beside those that run this file.
const testsWithinMs = 180_000
jest.setTimeout(testsWithinMs + 60_000)

/** The exit code, undefined where something keeps the run from ending, and the kinds of the handles that Jest names. */
async function search({ cwd, args, env = {}, endsWithinMs }: Run) {
  const running = start(process.execPath, [jestItself, '--detectOpenHandles', ...args], {
    cwd,
    env: { ...process.env, FORCE_COLOR: '0', ...env },
  })
  let code: number | null | undefined
  void running.ended.then((ended) => (code = ended.code))
  const handles = () => {
    const [, named = ''] = running.output().split(/Jest has detected the following \d+ open handles?/)
    return [...named.matchAll(/● +(\S+)/g)].map(([, handle]) => handle)
  }
  const hasRun = () => code !== undefined || running.output().includes('Ran all test suites')
  await eventually('its tests have run', hasRun, { withinMs: testsWithinMs })
  const isOver = () => code !== undefined || handles().length > 0
  // Jest names only what it saw being opened by a test's own code; the rest shows by the run not ending.
  await eventually('it ends, or says why it does not', isOver, { withinMs: endsWithinMs }).catch(() => {})
  return { code, handles: handles(), output: running.output() }
}

const amqplib = `require(${JSON.stringify(require.resolve('amqplib'))})`

/** Runs a test that does this and clears nothing away. */
function planted(body: string, endsWithinMs: number) {
  const folder = newFolder()
  folder.write('package.json', '{"jest":{"transform":{}}}')
  folder.write('planted.test.js', `test('planted', async () => { ${body} })`)
  const env = { BROKER_URL: runningBroker().url }
  return search({ cwd: folder.path, args: ['--rootDir', folder.path], env, endsWithinMs })
}

// What has to be seen may take its time on a busy machine; only what never comes is waited for in full.
const [seenWithinMs, notEndedForMs] = [20_000, 5_000]

test('a planted test that forgets nothing lets its run end', async () => {
  expect(await planted('', seenWithinMs)).toMatchObject({ code: 0, handles: [] })
})

test.each([
  ['a server', `require('node:net').createServer().listen(0)`, ['TCPSERVERWRAP'], seenWithinMs],
  ['a timer', `setTimeout(() => {}, 600_000)`, ['Timeout'], seenWithinMs],
  ['a connection to the broker', `await ${amqplib}.connect(process.env.BROKER_URL)`, [], notEndedForMs],
])('a planted test that forgets %s keeps its run from ending', async (_what, body, handles, withinMs) => {
  expect(await planted(body, withinMs)).toMatchObject({ code: undefined, handles })
})

test('a run with connections, stores and HTTP servers ends by itself and leaves nothing open', async () => {
  const projects = [kind === 'native' ? 'contract-native' : 'contract-4', 'store', 'unit']
  const files = [
    'test/contract/rabbitmq-topology.test.ts',
    'test/contract/rabbitmq-writes.test.ts',
    'test/contract/store-sqlite.test.ts',
    'test/shared/runtime/body-budget.test.ts',
  ]
  const args = ['--selectProjects', ...projects, '--runTestsByPath', ...files]
  const { code, handles, output } = await search({
    cwd: root,
    args,
    env: { HANDOFF_TEST_BROKERS: kind },
    endsWithinMs: 30_000,
  })
  expect({ code, handles, output: code === 0 ? '' : output }).toEqual({ code: 0, handles: [], output: '' })
  expect(output).toContain(`Test Suites: ${files.length} passed, ${files.length} total`)
})
