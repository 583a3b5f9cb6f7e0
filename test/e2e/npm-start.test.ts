/** The three commands that `npm start` prints, and one service started alone, as the documents say. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePorts } from '../../scripts/broker/free-ports'
import { newFolder } from '../scripts/support/folder'
import { start, type Running } from '../scripts/support/process'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'

const run = promisify(execFile)
const root = join(__dirname, '..', '..')
const broker = useBroker()
const withinMs = 90_000

/** An npm script in this checkout, whose packages are installed, on this test's broker, ports and store. */
async function npm(...args: string[]): Promise<Running & { readonly consumer: string }> {
  const [producer, consumer] = await freePorts(2)
  const own = {
    BROKER_URL: broker.url,
    STORE_URL: `sqlite:${join(newFolder().path, 'store.db')}`,
    PRODUCER_PORT: String(producer),
    CONSUMER_PORT: String(consumer),
  }
  const running = start('npm', args, { cwd: root, env: { ...process.env, ...own } })
  return { ...running, consumer: `http://127.0.0.1:${consumer}` }
}

test('the commands that npm start prints do what it says', async () => {
  const system = await npm('start')
  await eventually('it is ready', () => system.output().includes('Ctrl-C stops everything'), { withinMs })
  const commands = [...system.output().matchAll(/^ {4}(curl .+)$/gm)].map(([, command]) => command ?? '')
  expect(commands).toHaveLength(3)
  const [hello = '', order = '', metrics = ''] = commands
  for (const command of [hello, order])
    expect(JSON.parse((await run('sh', ['-c', command])).stdout)).toMatchObject({ outcome: 'confirmed' })
  await eventually('both are counted', async () => {
    const { stdout } = await run('sh', ['-c', metrics])
    return ['group="greetings"', 'group="ledger"', 'group="mail"'].every((group) => stdout.includes(group))
  })
  system.killGroup('SIGINT')
  expect((await system.ended).code).toBe(0)
})

test('npm run build, then npm run start:consumer run the consumer alone, and SIGTERM ends it with exit 0', async () => {
  expect((await (await npm('run', 'build')).ended).code).toBe(0)
  const consumer = await npm('run', 'start:consumer')
  await eventually('it is ready', async () => (await fetch(`${consumer.consumer}/readyz`)).ok, { withinMs })
  consumer.killGroup('SIGTERM')
  expect((await consumer.ended).code).toBe(0)
})
