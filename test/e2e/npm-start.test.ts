/** The three commands that `npm start` prints, and one service started alone, as the documents say. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { npm } from './npm'

const run = promisify(execFile)
const broker = useBroker()
const withinMs = 120_000
jest.setTimeout(300_000)

test('the commands that npm start prints do what it says', async () => {
  const system = await npm(['start'], broker.url)
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
  expect((await (await npm(['run', 'build'], broker.url)).ended).code).toBe(0)
  const consumer = await npm(['run', 'start:consumer'], broker.url)
  await eventually('it is ready', async () => (await fetch(`http://127.0.0.1:${consumer.consumer}/readyz`)).ok, {
    withinMs,
  })
  consumer.killGroup('SIGTERM')
  expect((await consumer.ended).code).toBe(0)
})
