import { randomUUID } from 'node:crypto'
import { dockerBroker } from '../../../scripts/broker/docker-broker'
import type { FoundBroker, Search } from '../../../scripts/broker/found-broker'
import { runCommand } from '../../../scripts/broker/run-command'
import { connectRaw } from '../../support/amqp-client'
import { atEnd } from '../../support/ends'
import { eventually } from '../../support/eventually'

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
