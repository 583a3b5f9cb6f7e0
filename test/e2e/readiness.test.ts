/** Ready means that messages flow. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { pressed } from '../support/pressed'
import { proxiedBroker } from '../support/proxied-broker'
import { startService } from '../support/service'
import { connectRaw } from '../support/amqp-client'

const broker = useBroker()

const readyz = async (url: string) => {
  const answer = await fetch(`${url}/readyz`)
  return {
    status: answer.status,
    body: (await answer.json()) as { status: string; checks: Record<string, { ok: boolean; detail: string }> },
  }
}

test.each(['producer', 'consumer'] as const)(
  'the %s is ready, red without its broker, and ready again',
  async (name) => {
    const { proxy, url } = await proxiedBroker(broker.url)
    const service = await startService(name, { BROKER_URL: url, NAMESPACE: `ready-${name}` })
    expect(await readyz(service.url)).toMatchObject({
      status: 200,
      body: { status: 'ready', checks: { broker: { ok: true } } },
    })
    proxy.refuse()
    proxy.cut()
    await eventually('it is red', async () => (await readyz(service.url)).status === 503)
    expect(await readyz(service.url)).toMatchObject({
      body: { status: 'not_ready', checks: { broker: { ok: false } } },
    })
    expect((await fetch(`${service.url}/livez`)).status).toBe(200)
    proxy.accept()
    await eventually('it is ready again', async () => (await readyz(service.url)).status === 200)
  },
)

test.each(['producer', 'consumer'] as const)(
  'the %s starts without a broker, says so, and stops when asked',
  async (name) => {
    const { proxy, url } = await proxiedBroker(broker.url)
    proxy.refuse()
    const service = await startService(name, { BROKER_URL: url, NAMESPACE: `away-${name}` }, { until: 'spawned' })
    await eventually('it listens', () => fetch(`${service.url}/livez`))
    expect((await readyz(service.url)).status).toBe(503)
    service.kill('SIGTERM')
    expect(await service.exited).toMatchObject({ code: 0 })
  },
)

/** A consumer whose work queue was deleted, and its name taken by another client: red for as long as that lasts. */
async function taken(namespace: string) {
  const service = await startService('consumer', { BROKER_URL: broker.url, NAMESPACE: namespace })
  const { channel } = await connectRaw(broker.url)
  const queue = `${namespace}.ledger.v1`
  await channel.deleteQueue(queue)
  try {
    await channel.assertQueue(queue, { exclusive: true, durable: false })
  } catch (error) {
    // The consumer was first, and its queue is another one.
    if (/RESOURCE_LOCKED|PRECONDITION_FAILED/.test(String(error))) return undefined
    throw error
  }
  return { service, channel, queue }
}

test('a work queue deleted under the consumer turns it red, then degraded: it was made again, and messages may be gone', async () => {
  const { service, channel, queue } = await pressed((time) => taken(`deleted-${time}`))
  const red = await eventually('it is red and says why', async () => {
    const answer = await readyz(service.url)
    expect(answer.body.checks['groups']?.detail).toMatch(/ledger: .*RESOURCE_LOCKED/)
    return answer
  })
  expect(red).toMatchObject({ status: 503, body: { status: 'not_ready', checks: { groups: { ok: false } } } })
  await channel.deleteQueue(queue)
  const { status, body } = await eventually('it is degraded', async () => {
    const answer = await readyz(service.url)
    expect(answer.body).toMatchObject({ status: 'degraded' })
    return answer
  })
  expect(status).toBe(200)
  expect(body.checks['broker']?.detail).toContain(queue)
  const metrics = await (await fetch(`${service.url}/metrics`)).text()
  expect(metrics).toContain('handoff_topology_recreated_total 1')
  await eventually('the error in the logs', () =>
    service.logs.some(({ level, object }) => level === 'error' && object === queue),
  )
})

test('a consumer whose queue has other arguments does not start and says why in one sentence', async () => {
  const raw = await connectRaw(broker.url)
  await raw.channel.assertQueue('crooked.ledger.dead.v1', {
    durable: true,
    arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 3, 'x-overflow': 'reject-publish' },
  })
  const service = await startService('consumer', { BROKER_URL: broker.url, NAMESPACE: 'crooked' }, { until: 'spawned' })
  expect(await service.exited).toMatchObject({ code: 78 })
  const fatal = service.logs.find(({ level }) => level === 'fatal')
  expect(fatal?.msg).toMatch(
    /queue "crooked\.ledger\.dead\.v1" .* has x-delivery-limit "3", but Handoff needs "1000000000"/,
  )
})

test('wrong settings stop the start with one line each and exit code 78', async () => {
  const service = await startService(
    'consumer',
    { CONCURRENCY: 'many', BROKER_URL: 'http://x', CONSUMER_GROUPS: 'ledger' },
    { until: 'spawned' },
  )
  expect(await service.exited).toMatchObject({ code: 78 })
  const lines = service.logs.map(({ text }) => String(text))
  expect(lines).toHaveLength(2)
  expect(lines.join('\n')).toMatch(/CONCURRENCY is "many"/)
})

test('a consumer runs the groups it was told to, and the others stay for others', async () => {
  const service = await startService('consumer', {
    BROKER_URL: broker.url,
    NAMESPACE: 'some',
    CONSUMER_GROUPS: 'mail,greetings',
  })
  const { body } = await readyz(service.url)
  expect(body.checks['groups']?.detail).toBe('attached: mail, greetings')
  const ofGroup = (name: string, more: readonly string[]) =>
    ['v1', 'urgent.v1', 'low.v1', ...more].map((rest) => `some.${name}.${rest}`)
  const partitions = [0, 1, 2, 3].map((partition) => `key.${partition}.v1`)
  const theirs = [...ofGroup('greetings', []), ...ofGroup('mail', partitions)].sort()
  await eventually('the broker sees a consumer of each of their queues', async () => {
    const queues = (await broker.management.queues()).filter(({ name }) => name.startsWith('some.'))
    const taken = queues.filter(({ consumers }) => consumers === 1).map(({ name }) => name)
    return taken.sort().join() === theirs.join()
  })
})

test('a test does not take the service that has got its port for the one that it starts', async () => {
  const other = createServer((_, response) => response.end('ready')).listen(0, '127.0.0.1')
  await once(other, 'listening')
  atEnd(() => void other.close())
  const { port } = other.address() as AddressInfo
  const settings = { BROKER_URL: broker.url, NAMESPACE: 'no-port', PRODUCER_PORT: String(port) }
  await expect(startService('producer', settings)).rejects.toThrow(
    /the producer ended with 1 before it was ready:.*EADDRINUSE/s,
  )
})
