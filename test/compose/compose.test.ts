/** docker compose up, as the README says: everything healthy, a message processed, scaled out, taken down. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { freePorts } from '../../scripts/broker/free-ports'
import type { MessagePage } from '../../services/console/views/message-row'
import type { SystemView } from '../../services/console/views/system'
import { post, order } from '../e2e/pair'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'

const run = promisify(execFile)
const root = resolve(__dirname, '../..')
const project = `handoff-test-${randomUUID().slice(0, 8)}`
const startWithinMs = 480_000

let port = 0
let consolePort = 0

async function compose(...args: string[]): Promise<string> {
  const env = { ...process.env, PRODUCER_PORT: String(port), CONSOLE_PORT: String(consolePort) }
  const { stdout } = await run('docker', ['compose', '-p', project, ...args], {
    cwd: root,
    env,
    maxBuffer: 64 * 1_048_576,
  })
  return stdout
}

const query = async (sql: string) =>
  (await compose('exec', '-T', 'postgres', 'psql', '-U', 'handoff', '-d', 'handoff', '-tAc', sql)).trim()

const container = async (service: string, format: string) => {
  const [id] = (await compose('ps', '-q', service)).trim().split('\n')
  const { stdout } = await run('docker', ['inspect', '-f', format, id ?? ''])
  return stdout.trim()
}

beforeAll(async () => {
  ;[port = 0, consolePort = 0] = await freePorts(2)
  atEnd(() => compose('down', '--volumes', '--rmi', 'local', '--timeout', '20'))
  await compose('up', '--build', '--wait')
}, startWithinMs)

test('all are healthy, and only producer and console are published, on this machine alone', async () => {
  const states = (await compose('ps', '--format', '{{.Service}} {{.Health}}')).trim().split('\n').sort()
  expect(states).toEqual([
    'console healthy',
    'consumer healthy',
    'postgres healthy',
    'producer healthy',
    'rabbitmq healthy',
  ])
  const { stdout } = await run('docker', [
    'ps',
    '--filter',
    `label=com.docker.compose.project=${project}`,
    '--format',
    '{{.Ports}}',
  ])
  expect(stdout.match(/\S+->\S+/g)?.sort()).toEqual(
    [`127.0.0.1:${port}->3000/tcp`, `127.0.0.1:${consolePort}->8080/tcp`].sort(),
  )
  expect((await fetch(`http://127.0.0.1:${consolePort}/dead-letters/ledger`)).status).toBe(200)
})

test('a message sent is processed, once', async () => {
  const answer = await post(`http://127.0.0.1:${port}/messages/order.placed`, order('compose-1'))
  expect(answer).toMatchObject({ status: 202, body: { outcome: 'confirmed' } })
  const count = () => query("select count(*) from ledger_entries where order_id = 'compose-1'")
  await eventually('the effect', async () => (await count()) === '1')
})

test('the console shows its page, sees the services and the queues, and tells of the message', async () => {
  const at = `http://127.0.0.1:${consolePort}`
  expect(await (await fetch(at)).text()).toContain('<title>Handoff</title>')
  const system = await eventually('it has looked at all', async () => {
    const view = (await (await fetch(`${at}/system`)).json()) as SystemView
    // A fresh queue has no figures for some seconds.
    const isConsumed = view.broker.groups.some(({ name, consumers = 0 }) => name === 'ledger' && consumers > 0)
    return isConsumed && view.services.every(({ state }) => state === 'ready') && view
  })
  expect(system.services.map(({ name }) => name)).toEqual(['producer', 'consumer'])
  expect(system.producerUrl).toBe(`http://127.0.0.1:${port}`)
  expect(system.broker.from).toBe('management')
  await eventually('the message is known', async () => {
    const { rows } = (await (await fetch(`${at}/messages?filter=state:processed`)).json()) as MessagePage
    return rows.some(({ type }) => type === 'order.placed')
  })
})

test('the services run without root, without rights, on a file system they cannot write', async () => {
  for (const service of ['producer', 'consumer', 'console']) {
    expect(await container(service, '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.Config.User}}')).toBe(
      'true [ALL] node',
    )
    expect((await compose('exec', '-T', service, 'id', '-u')).trim()).not.toBe('0')
    await expect(compose('exec', '-T', service, 'touch', '/app/x')).rejects.toThrow(/[Rr]ead-only/)
  }
})

test('three consumers share the work, and each message has one effect', async () => {
  await compose('up', '--wait', '--no-recreate', '--scale', 'consumer=3')
  const orders = Array.from({ length: 60 }, (_, index) => `scaled-${index}`)
  await Promise.all(orders.map((id) => post(`http://127.0.0.1:${port}/messages/order.placed`, order(id))))
  const counts = () =>
    query("select count(*), count(distinct order_id) from ledger_entries where order_id like 'scaled-%'")
  await eventually('all effects', async () => (await counts()) === '60|60')
  const workers = async () => {
    const lines = (await compose('logs', '--no-color', 'consumer')).split('\n')
    return new Set(lines.filter((line) => line.includes('"processed"')).map((line) => line.split('|', 1)[0]?.trim()))
  }
  await eventually('more than one has worked', async () => (await workers()).size > 1)
})

test('what is accepted while the broker is down outlives the container of the producer', async () => {
  await compose('stop', '--timeout', '30', 'rabbitmq')
  const send = () => post(`http://127.0.0.1:${port}/messages/order.placed`, order('compose-spooled'))
  const answer = await eventually('it is stored', async () => {
    const each = await send()
    return each.body['outcome'] === 'stored' && each
  })
  expect(answer.status).toBe(202)
  await compose('rm', '--stop', '--force', 'producer')
  // Not --wait: it gives up at once where consumers have been without a broker for so long that they are unhealthy.
  await compose('up', '--detach', '--no-recreate', '--scale', 'consumer=3')
  const processed = () => query(`select count(*) from ledger_entries where message_id = '${String(answer.body['id'])}'`)
  await eventually('the effect', async () => (await processed()) === '1', { withinMs: 60_000 })
})

test('told to stop, the services leave with exit code 0', async () => {
  await compose('stop', '--timeout', '30', 'producer', 'consumer', 'console')
  const states = await compose(
    'ps',
    '--all',
    '--format',
    '{{.Service}} {{.ExitCode}}',
    'producer',
    'consumer',
    'console',
  )
  expect([...new Set(states.trim().split('\n'))].sort()).toEqual(['console 0', 'consumer 0', 'producer 0'])
})
