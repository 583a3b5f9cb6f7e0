import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { dockerBroker } from '../../../scripts/broker/docker-broker'
import { containerNameFor } from '../../../scripts/broker/docker-container'
import type { FoundBroker, Search } from '../../../scripts/broker/found-broker'
import { runCommand } from '../../../scripts/broker/run-command'
import { connectRaw } from '../../support/amqp-client'
import { atEnd } from '../../support/ends'
import { eventually } from '../../support/eventually'
import { newFolder } from '../support/folder'
import { start } from '../support/process'

async function find(search: Search): Promise<FoundBroker> {
  const way = await dockerBroker(search)
  if (!('broker' in way)) throw new Error(way.why)
  const { broker } = way
  atEnd(() => broker.stop())
  return broker
}

test('a container is used again while it runs, and keeps its durable messages when it was stopped', async () => {
  const said: string[] = []
  const search = {
    directory: `/nowhere/${randomUUID()}`,
    env: {},
    say: (line: string) => said.push(line),
    ask: undefined,
  }
  const first = await find(search)
  const name = first.how.split(' ').at(-1) ?? ''
  atEnd(() => runCommand('docker', ['volume', 'rm', name]))
  atEnd(() => first.stop())
  expect((await find(search)).url).toBe(first.url)
  expect(said.filter((line) => line.startsWith('starting'))).toHaveLength(1)

  const before = await connectRaw(first.url)
  await before.channel.assertQueue('kept', { durable: true, arguments: { 'x-queue-type': 'quorum' } })
  await before.publishRaw('', 'kept', Buffer.from('hello'), { persistent: true })
  await first.stop()
  await first.stop()
  expect(await runCommand('docker', ['ps', '--all', '--quiet', '--filter', `name=${name}`])).toBe('')

  const after = await connectRaw((await find(search)).url)
  const message = await eventually('the message', () => after.get('kept'))
  expect(message.content.toString()).toBe('hello')
}, 180_000)

test('a reset refuses while the container of its folder runs, and takes its data along afterwards', async () => {
  const home = newFolder()
  const state = home.write('.handoff/state', '')
  const directory = join(home.path, '.handoff', 'broker')
  const name = containerNameFor(directory)
  const reset = () => {
    const env = { ...process.env, TS_NODE_PROJECT: resolve('tsconfig.json'), NAMESPACE: 'unused', BROKER_URL: '' }
    const script = ['-r', require.resolve('ts-node/register/transpile-only'), resolve('scripts/reset.ts')]
    return start(process.execPath, script, { cwd: home.path, env }).ended
  }
  const broker = await find({ directory, env: {}, say: () => {}, ask: undefined })
  atEnd(() => runCommand('docker', ['volume', 'rm', '--force', name]))
  atEnd(() => broker.stop())

  expect(await reset()).toMatchObject({ code: 1, output: expect.stringContaining(`${name} still runs`) as string })
  expect(existsSync(state)).toBe(true)
  await broker.stop()
  const output = expect.stringContaining(`removed the Docker volume ${name}`) as string
  expect(await reset()).toMatchObject({ code: 0, output })
  expect(existsSync(state)).toBe(false)
  expect(await runCommand('docker', ['volume', 'ls', '--quiet', '--filter', `name=^${name}$`])).toBe('')
}, 180_000)
