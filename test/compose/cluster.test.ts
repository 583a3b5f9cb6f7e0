/** docker compose --profile cluster: the broker that is there becomes one of three, its queues too, and one of them may go. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { freePorts } from '../../scripts/broker/free-ports'
import { order, post } from '../e2e/pair'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'

const run = promisify(execFile)
const root = resolve(__dirname, '../..')
const project = `handoff-test-${randomUUID().slice(0, 8)}`
const startWithinMs = 480_000
const brokers = ['rabbitmq', 'rabbitmq-2', 'rabbitmq-3']

let port = 0
let consolePort = 0

jest.setTimeout(startWithinMs)

async function compose(...args: string[]): Promise<string> {
  const env = { ...process.env, PRODUCER_PORT: String(port), CONSOLE_PORT: String(consolePort) }
  const options = { cwd: root, env, maxBuffer: 64 * 1_048_576 }
  return (await run('docker', ['compose', '-p', project, ...args], options)).stdout.trim()
}

const withProfile = (...args: string[]) => compose('--profile', 'cluster', ...args)

async function ctl<T>(...args: string[]): Promise<T> {
  const command = ['rabbitmqctl', '--quiet', ...args, '--formatter', 'json']
  return JSON.parse(await compose('exec', '-T', 'rabbitmq', ...command)) as T
}

/** How many nodes keep the queues of the groups, from the fewest to the most. */
async function memberCounts(): Promise<readonly number[]> {
  type Queue = { readonly type: string; readonly members: readonly string[] }
  const queues = await ctl<readonly Queue[]>('list_queues', 'type', 'members')
  const counts = queues.filter(({ type }) => /quorum/.test(type)).map(({ members }) => members.length)
  return [...new Set(counts)].sort()
}

const send = (orderId: string) => post(`http://127.0.0.1:${port}/messages/order.placed`, order(orderId))
const processed = async (orderId: string) => {
  const sql = `select count(*) from ledger_entries where order_id = '${orderId}'`
  return compose('exec', '-T', 'postgres', 'psql', '-U', 'handoff', '-d', 'handoff', '-tAc', sql)
}

beforeAll(async () => {
  ;[port = 0, consolePort = 0] = await freePorts(2)
  atEnd(() => withProfile('down', '--volumes', '--rmi', 'local', '--timeout', '20'))
  await compose('up', '--build', '--wait')
}, startWithinMs)

test('the broker that is there becomes one of three, and its queues get members on all of them', async () => {
  expect(await memberCounts()).toEqual([1])
  await withProfile('up', '--wait', '--no-recreate')
  const { running_nodes: nodes } = await ctl<{ readonly running_nodes: readonly string[] }>('cluster_status')
  expect([...nodes].sort()).toEqual(brokers.map((host) => `rabbit@${host}`))
  await eventually('the queues have grown', async () => String(await memberCounts()) === '3', { withinMs: 120_000 })
})

test('without the broker that was first, messages are accepted and processed all the same', async () => {
  await withProfile('kill', 'rabbitmq')
  const confirmed = async () => (await send('clustered')).body['outcome'] === 'confirmed'
  await eventually('a message is confirmed', confirmed, { withinMs: 60_000 })
  // RabbitMQ 4.3 waits a minute for the consumers of a node that is gone; until the first of it is noticed, it even gives them more.
  await eventually('it is processed', async () => Number(await processed('clustered')) >= 1, { withinMs: 120_000 })
})

test('a node whose cluster is not whole is not healthy; all of it comes up again after a stop', async () => {
  const healthOf = (service: string) => withProfile('ps', '--format', '{{.Health}}', service)
  await eventually('it says so', async () => (await healthOf('rabbitmq-2')) === 'unhealthy', { withinMs: 90_000 })
  await withProfile('stop', '--timeout', '30')
  await withProfile('up', '--wait')
  expect(await healthOf('rabbitmq-2')).toBe('healthy')
  expect(await memberCounts()).toEqual([3])
})
