/** The console's look at the topology: what stands at a real broker, by management and without it. */
import { useBroker } from '../support/broker'
import { connectRaw } from '../support/amqp-client'
import { runningBroker } from '../support/brokers/running-brokers'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { startService } from '../support/service'
import type { KeyRoute, TopologyView } from '../../services/console/views/topology'
import { callerOf } from './console-fixtures'
import { handoff } from './handoff'

const broker = useBroker()
const quorum = { durable: true, arguments: { 'x-queue-type': 'quorum' } }

/** A console over a namespace in which all is as declared, and how it sees it. */
async function consoleOver(namespace: string, sight: 'management' | 'amqp' = 'management') {
  const seeing = sight === 'management' ? runningBroker().managementUrl : 'off'
  const env = { BROKER_URL: broker.url, NAMESPACE: namespace, BROKER_MANAGEMENT_URL: seeing }
  const [console] = await Promise.all([startService('console', env), handoff(['topology', 'apply'], { env })])
  const { get } = callerOf(console.url)
  const view = async () => (await get('/topology')).json as unknown as TopologyView
  return {
    view,
    /** Once it has looked again, as it does after some seconds. */
    once: (what: string, isSo: (view: TopologyView) => boolean) =>
      eventually(what, async () => {
        const now = await view()
        return isSo(now) && now
      }),
    route: async (exchange: string, key: string) =>
      (await get(`/topology/route?${new URLSearchParams({ exchange, key }).toString()}`)).json as unknown as KeyRoute,
  }
}

const stateOf = (view: TopologyView, id: string) => view.nodes.find((node) => node.id === id)?.state
const edgesTo = (view: TopologyView, to: string) =>
  view.edges
    .filter((edge) => edge.to === to)
    .map(({ kind, from, routingKey, state }) => [kind, from, routingKey, state])

test('all is as declared, with figures; and then not, in every way, as the plan says', async () => {
  const { view, once, route } = await consoleOver('seen')
  expect(await view()).toMatchObject({ seenBy: 'management', summary: { state: 'as declared', missing: 0, extra: 0 } })
  await once('figures', ({ nodes }) => nodes.find(({ name }) => name === 'seen.mail.v1')?.attended === 'by nobody')
  expect((await route('seen.events.v1', 'order.placed')).queues.map(({ name }) => name).sort()).toEqual([
    'seen.ledger.v1',
    'seen.mail.v1',
  ])
  const raw = await connectRaw(broker.url)
  await raw.channel.unbindQueue('seen.mail.v1', 'seen.events.v1', 'order.placed')
  await raw.channel.deleteQueue('seen.ledger.dead.v1')
  await raw.channel.assertQueue('seen.old.v1', quorum)
  await raw.channel.assertQueue('tap', quorum)
  await raw.channel.bindQueue('tap', 'seen.events.v1', 'order.*')
  await raw.channel.deleteQueue('seen.mail.dead.v1')
  await raw.channel.assertQueue('seen.mail.dead.v1', quorum)
  const different = await once('it is seen', ({ summary }) => summary.differing === 1 && summary.extraBindings === 1)
  expect(different.summary).toMatchObject({ state: 'different', missing: 1, extra: 1, missingBindings: 3 })
  expect(stateOf(different, 'queue seen.ledger.dead.v1')).toBe('missing')
  expect(stateOf(different, 'queue seen.old.v1')).toBe('extra')
  expect(stateOf(different, 'queue tap')).toBe('outside')
  expect(stateOf(different, 'queue seen.mail.dead.v1')).toBe('differing')
  expect(edgesTo(different, 'queue tap')).toEqual([['binding', 'exchange seen.events.v1', 'order.*', 'extra']])
  expect(edgesTo(different, 'queue seen.mail.v1')).toContainEqual([
    ...['binding', 'exchange seen.events.v1', 'order.placed', 'missing'],
  ])
  expect(await route('seen.events.v1', 'order.placed')).toMatchObject({
    by: 'what stands',
    queues: [{ name: 'seen.ledger.v1' }, { name: 'tap' }],
    missed: [{ name: 'seen.mail.v1' }],
  })
})

test('without management it shows what AMQP tells, and says what is hidden', async () => {
  const { view, route } = await consoleOver('blind', 'amqp')
  const raw = await connectRaw(broker.url)
  await raw.channel.deleteQueue('blind.mail.dead.v1')
  await raw.channel.assertQueue('blind.mail.dead.v1', quorum)
  const seen = await view()
  expect(seen.unseen).toMatch(/^BROKER_MANAGEMENT_URL is off; so bindings, policies, .* cannot be seen/)
  expect(seen).toMatchObject({ seenBy: 'amqp', summary: { state: 'different', differing: 1, missingBindings: 0 } })
  expect(stateOf(seen, 'queue blind.mail.dead.v1')).toBe('differing')
  expect(edgesTo(seen, 'group mail')).not.toEqual([])
  expect(await route('blind.events.v1', 'order.placed')).toMatchObject({
    by: 'what is declared',
    queues: [{ group: 'ledger' }, { group: 'mail' }],
  })
})

test('it goes on after its connection was closed, and ends in order', async () => {
  const env = { BROKER_URL: broker.url, NAMESPACE: 'closed', BROKER_MANAGEMENT_URL: 'off' }
  const console = await startService('console', env)
  const { get } = callerOf(console.url)
  expect((await get('/topology')).status).toBe(200)
  await broker.management.closeConnections(({ client_properties: facts }) =>
    String(facts['connection_name']).startsWith('handoff-console-topology@'),
  )
  const view = await eventually('another look', async () => {
    const { status, json } = await get('/topology')
    return status === 200 && json
  })
  expect(view).toMatchObject({ seenBy: 'amqp' })
  console.kill()
  expect(await console.exited).toEqual({ code: 0, signal: null })
})

/** Sends a greeting each 50 ms until it is stopped: 20 a second, or fewer on a machine that is busy. */
function greet(producerUrl: string) {
  const [begunAt, sent] = [performance.now(), { count: 0 }]
  const send = async () => {
    const headers = { 'content-type': 'text/plain' }
    const response = await fetch(`${producerUrl}/messages/hello`, { method: 'POST', headers, body: 'Hello' })
    if (response.status === 202) sent.count++
  }
  const timer = setInterval(() => void send().catch(() => {}), 50)
  const stop = () => clearInterval(timer)
  atEnd(stop)
  return { stop, perSecond: () => (1_000 * sent.count) / (performance.now() - begunAt) }
}

test('rates are 0 while nothing flows, near what is sent while something does, and 0 again: by counters, and by our records', async () => {
  const env = { BROKER_URL: broker.url, NAMESPACE: 'rates' }
  const seeing = (url: string) => startService('console', { ...env, BROKER_MANAGEMENT_URL: url })
  const [producer, , ...consoles] = await Promise.all([
    startService('producer', env),
    startService('consumer', env),
    seeing(runningBroker().managementUrl),
    seeing('off'),
  ])
  const views = async () =>
    (await Promise.all(consoles.map(({ url }) => callerOf(url).get('/topology')))).map(
      ({ json }) => json as unknown as TopologyView,
    )
  const places = ['exchange rates.commands.v1', 'group greetings']
  const ratesIn = (view: TopologyView) =>
    places.flatMap((id) => {
      const rates = view.nodes.find((node) => node.id === id)?.rates
      return rates === undefined ? [NaN, NaN] : [rates.in ?? NaN, rates.out ?? NaN]
    })
  const once = (what: string, isSo: (rate: number) => boolean) =>
    eventually(what, async () => (await views()).flatMap(ratesIn).every(isSo), { withinMs: 60_000 })
  await eventually('a second look', async () => (await views()).every(({ rates }) => rates.seconds !== undefined))
  // Of what nothing has ever come through, the broker counts nothing.
  expect((await views()).flatMap(ratesIn).filter((rate) => rate > 0)).toEqual([])
  const load = greet(producer.url)
  await once('what is sent shows', (rate) => rate > load.perSecond() / 2 && rate < load.perSecond() * 2)
  const [counted, recorded] = await views()
  expect([counted?.rates.by, recorded?.rates.by]).toEqual(['counters', 'records'])
  for (const view of [counted, recorded])
    expect(view?.rates.handed).toMatchObject([{ exchange: 'rates.commands.v1', type: 'hello', group: 'greetings' }])
  load.stop()
  await once('nothing flows again', (rate) => rate === 0)
})
