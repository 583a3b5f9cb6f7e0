/** Groups whose dependency goes down, and groups with a slow type, with a real broker and a consumer of its own. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { groupTopologies } from '../../shared/operations/group-topology'
import { openStore } from '../../shared/store/open-store'
import { openRabbitmq } from '../contract/open-rabbitmq'
import { envelopeOf } from '../contract/transport-fixtures'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { startService } from '../support/service'
import { temporaryStoreUrl } from '../support/temporary-store'
import { charge, charter, fast, groups, slow } from './load-messages'

const broker = useBroker()
const child = join(__dirname, 'load-child.ts')
const many = 100

/** What handlers ask; it answers 503 while it is down. */
async function dependencyOf() {
  const state = { isUp: false, asked: 0 }
  const server = createServer((_, response) => {
    state.asked++
    response.writeHead(state.isUp ? 200 : 503).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  atEnd(() => {
    server.closeAllConnections()
    server.close()
  })
  return { state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

async function stage(namespace: string, env: Record<string, string> = {}) {
  const dependency = await dependencyOf()
  const storeUrl = await temporaryStoreUrl()
  const settings = { BROKER_URL: broker.url, NAMESPACE: namespace, STORE_URL: storeUrl, BREAKER_FAILURES: '5', ...env }
  const consumer = await startService('consumer', settings, { instead: [child, dependency.url] })
  const { transport } = await openRabbitmq(broker.url, groupTopologies(groups), { namespace })
  const raw = await connectRaw(broker.url)
  const store = await openStore({ url: storeUrl, migrations: [] })
  atEnd(() => store.close())
  const send = (type: { readonly name: string }, count: number) =>
    Promise.all(
      Array.from({ length: count }, async (_, n) => {
        const data = Buffer.from(JSON.stringify({ orderId: `${type.name}-${n}` }))
        const { outcome } = await transport.publish(envelopeOf(type.name, { data }), { kind: 'command' })
        expect(outcome).toBe('confirmed')
      }),
    )
  const done = async (type: { readonly name: string }) => {
    const like = [`${type.name}-%`]
    const [row] = await store.query('select count(*) as n from ledger_entries where order_id like $1', like)
    return Number(row?.['n'])
  }
  const logged = (msg: string) => consumer.logs.filter((line) => line['msg'] === msg)
  const ready = async () => (await (await fetch(`${consumer.url}/readyz`)).json()) as Readiness
  const metrics = async () => (await fetch(`${consumer.url}/metrics`)).text()
  const countOf = (queue: string) => raw.countReady(`${namespace}.${queue}.v1`)
  return { dependency: dependency.state, consumer, send, done, logged, ready, metrics, countOf }
}

interface Readiness {
  readonly status: string
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>>
}

test('an outage of a dependency parks nothing, costs few attempts, is told, and ends by itself', async () => {
  const pair = await stage('outage', { BREAKER_PAUSE_MS: '50' })
  const { dependency, send, done, logged, ready, metrics, countOf } = pair
  await send(charge, many)
  await eventually('trials that fail', () => logged('circuit open again').length >= 8)
  const { status, checks } = await ready()
  expect(status).toBe('degraded')
  expect(checks['load']?.detail).toMatch(/^charges: circuit (half )?open, \d+ runs in a row failed, last "the depend/)
  // Without a circuit each message is asked for three times within a second and a half.
  expect(dependency.asked).toBeLessThan(many)
  expect(await countOf('charges.dead')).toBe(0)
  expect(await metrics()).toContain('handoff_circuit_opened_total{group="charges"} 1')

  dependency.isUp = true
  await eventually('all that waited', async () => (await done(charge)) === many, { withinMs: 60_000 })
  expect(await countOf('charges.dead')).toBe(0)
  const attempts = logged('processed').map((line) => Number(line['attempt']))
  expect(Math.max(...attempts)).toBeLessThanOrEqual(2)
  await eventually('readiness', async () => (await ready()).status === 'ready')
  expect(await metrics()).toContain('handoff_circuit_state{group="charges"} 0')
})

test('a handler that knows that its dependency is down pauses its group at once, and no other', async () => {
  const { send, done, logged, ready } = await stage('known', { BREAKER_FAILURES: '50', BREAKER_PAUSE_MS: '60000' })
  await send(charter, 10)
  await eventually('the pause', () => logged('circuit open: the group is paused').length === 1)
  const { checks } = await ready()
  expect(checks['load']?.detail).toContain('last "the fleet is unavailable: the dependency says 503"; next trial in')
  await send(fast, 1)
  await eventually('work of another group', async () => (await done(fast)) === 1)
})

test('a stop does not wait for a paused group, and its messages are in their queue', async () => {
  const { consumer, send, logged, countOf } = await stage('stopped', { BREAKER_PAUSE_MS: '60000' })
  await send(charge, many)
  await eventually('the pause', () => logged('circuit open: the group is paused').length === 1)
  let isStopped = false
  void consumer.exited.then(() => (isStopped = true))
  consumer.kill('SIGTERM')
  await eventually('the end, before deliveries would be given up', () => isStopped, { withinMs: 10_000 })
  expect(await consumer.exited).toEqual({ code: 0, signal: null })
  await eventually('all in their queue', async () => (await countOf('charges')) === many)
})

test('a slow type takes neither all turns of its group nor all places in front of them', async () => {
  const { send, done, metrics } = await stage('mixed', { CONCURRENCY: '8' })
  const slowOnes = 200
  await send(slow, slowOnes)
  await send(fast, 10)
  await eventually('the fast ones', async () => (await done(fast)) === 10, { withinMs: 60_000 })
  expect(await done(slow)).toBeLessThan(slowOnes / 2)
  expect(await metrics()).toMatch(/handoff_deferred_total\{group="mixed",type="load.slow"\} \d+/)
})
