/** `handoff send` against a running producer, and the door `npx handoff`. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { newFolder } from '../scripts/support/folder'
import { start } from '../scripts/support/process'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { startService } from '../support/service'
import { handoff, jsonLines } from './handoff'
import { order } from './pair'

const broker = useBroker()
const root = join(__dirname, '..', '..')

async function producerOf(namespace: string, settings: Readonly<Record<string, string>> = {}) {
  const { url } = await startService('producer', { BROKER_URL: broker.url, NAMESPACE: namespace, ...settings })
  const env = { PRODUCER_PORT: new URL(url).port }
  return {
    url,
    run: (args: readonly string[], stdin = '', more: Readonly<Record<string, string>> = {}) =>
      handoff(['send', ...args], { env: { ...env, ...more }, stdin }),
  }
}

test('sends JSON, text, and what comes by standard input; the same key is the same message', async () => {
  const { run, url } = await producerOf('sending')
  const data = JSON.stringify(order('S-1'))
  const first = await run(['order.placed', data, '--key', 'k'])
  expect(first).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^confirmed {2}order\.placed {2}[0-9a-f-]{36}\n$/) as string,
  })
  const again = await run(['order.placed', '-', '--key', 'k', '--json', '--url', `${url}/`], data)
  expect(jsonLines(again.stdout)).toEqual([
    {
      id: first.stdout.trim().split('  ')[2],
      type: 'order.placed',
      outcome: 'confirmed',
      links: { self: `/messages/${first.stdout.trim().split('  ')[2]}` },
    },
  ])
  expect((await run(['hello', 'Hello World!'])).code).toBe(0)
})

test('with --priority a message goes into the queue of the urgent or of the low ones', async () => {
  const { run } = await producerOf('prioritized')
  for (const options of [['--priority', '9'], ['--priority', '0'], ['--priority', '4'], []])
    expect((await run(['hello', 'Hi', ...options])).code).toBe(0)
  const raw = await connectRaw(broker.url)
  const prioritiesIn = async (queue: string) =>
    (await raw.getAll(`prioritized.greetings.${queue}`)).map(
      ({ properties }) => (properties.headers as Record<string, unknown>)['cloudEvents_priority'],
    )
  expect([await prioritiesIn('urgent.v1'), await prioritiesIn('low.v1'), await prioritiesIn('v1')]).toEqual([
    ['9'],
    ['0'],
    ['4', undefined],
  ])
})

test('with --wait it prints what came of it', async () => {
  const { run, url } = await producerOf('waiting')
  const consumer = await startService('consumer', { BROKER_URL: broker.url, NAMESPACE: 'waiting' })
  const { code, stdout } = await run(['hello', 'Hello World!', '--wait', '20'])
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/^processed {2}hello {2}[0-9a-f-]{36}\n\{"greeting":"Hello World!"\}\n$/) as string,
  ])
  consumer.kill('SIGTERM')
  await consumer.exited
  expect((await run(['hello', 'Hi', '--wait', '1', '--url', url])).stdout).toMatch(/^confirmed {2}hello/)
  expect(await run(['hello', 'Hi', '--wait', '61'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('use whole seconds from 1 to 60') as string,
  })
})

test('a refusal is told with its title and detail, exit 1; wrong usage is 2', async () => {
  const { run } = await producerOf('refusing')
  const refused = await run(['order.placed', '{"orderId":"S-2"}'])
  expect(refused).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^handoff: 422 .+: .+; \/customerEmail .+; \/amountCents .+/) as string,
  })
  const json = await run(['nobody.knows', '{}', '--json'])
  expect(json).toMatchObject({ code: 1, stderr: expect.stringMatching(/^handoff: 404 .*nobody\.knows/) as string })
  expect(jsonLines(json.stdout)).toMatchObject([{ status: 404 }])
  expect(await run(['order.placed', '{orderId:1}'])).toMatchObject({ code: 2 })
  expect(await run(['order.placed'])).toMatchObject({ code: 2 })
})

test('the API key comes from the environment or a file', async () => {
  const key = 'cli-key'
  const { run } = await producerOf('keyed', { API_KEYS: `cli:${createHash('sha256').update(key).digest('hex')}` })
  expect(await run(['hello', 'Hi'])).toMatchObject({ code: 1, stderr: expect.stringContaining('401') as string })
  expect((await run(['hello', 'Hi'], '', { HANDOFF_API_KEY: key })).code).toBe(0)
  expect((await run(['hello', 'Hi', '--api-key-file', newFolder().write('key', `${key}\n`)])).code).toBe(0)
})

test('a producer that is away is named', async () => {
  expect(await handoff(['send', 'hello', 'Hi', '--url', 'http://127.0.0.1:1'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^handoff: no producer answers at http:\/\/127\.0\.0\.1:1 \(/) as string,
  })
})

test('npx finds the command of this project, and says what exit codes mean', async () => {
  const { code, output } = await start('npx', ['handoff', 'send', '--help'], { cwd: root }).ended
  expect(code).toBe(0)
  expect(output).toContain('Usage: handoff send [options] <type> <data>')
  expect(output).toContain('2  the command line is wrong; nothing was done')
})
