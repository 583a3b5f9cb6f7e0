/** What the console sees of services and queues, and what it makes of it. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CannotSee, type FoundObject } from '../../../shared/messaging/broker-objects'
import { routesMetrics } from '../../../shared/operations/routes/routes-metrics'
import { createMetrics } from '../../../shared/runtime/metrics'
import type { BrokerView } from '../../../services/console/views/system'
import { Availability } from '../../../services/console/watch/availability'
import { BrokerWatch } from '../../../services/console/watch/broker-watch'
import { every } from '../../../services/console/watch/every'
import { metricValues } from '../../../services/console/watch/metric-values'
import { routesHash } from '../../../services/console/watch/routes-hash'
import { ServiceWatch } from '../../../services/console/watch/service-watch'
import { systemView } from '../../../services/console/watch/system'
import { MessageWindow } from '../../../services/console/window/message-window'
import { atEnd } from '../../support/ends'
import { ManualClock } from '../../support/manual-clock'
import { told, toldOf, wholeStory } from './told'

test('reads the values of our own metrics that have no labels', () => {
  const text = `# HELP handoff_in_flight messages
handoff_in_flight{service="producer"} 3
handoff_spool_messages{service="producer"} 0
handoff_published_total{type="hello",outcome="confirmed",service="producer"} 9
process_start_time_seconds{service="producer"} 1796095746
process_open_fds{service="producer"} 50
handoff_follow_lag_bytes{service="producer"} Nan
`
  expect(metricValues(text)).toEqual({
    handoff_in_flight: 3,
    handoff_spool_messages: 0,
    process_start_time_seconds: 1_796_095_746,
  })
})

test("reads by which routing rules a service goes, as the services' own metrics tell it", async () => {
  const metrics = createMetrics('producer')
  expect(routesHash(await metrics.text())).toBeUndefined()
  const { info } = routesMetrics(metrics.registry)
  expect(routesHash(await metrics.text())).toBe('')
  info.set({ hash: '3f786850e387' }, 1)
  expect(routesHash(await metrics.text())).toBe('3f786850e387')
})

test('keeps how often a service was ready, for each minute of a day', () => {
  const availability = new Availability()
  for (let second = 0; second < 180; second += 20)
    availability.note(second * 1_000, second < 100 ? 'ready' : 'not ready')
  expect(availability.last(10)).toEqual([
    { at: 0, looks: 3, ready: 3 },
    { at: 60_000, looks: 3, ready: 2 },
    { at: 120_000, looks: 3, ready: 0 },
  ])
  for (let minute = 0; minute < 5_000; minute++) availability.note(minute * 60_000 + 1e9, 'ready')
  expect(availability.last(1e6)).toHaveLength(1_440)
})

describe('a service', () => {
  let answer: (path: string, response: ServerResponse) => void = () => {}

  async function watched() {
    const server = createServer((request, response) => answer(request.url ?? '', response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    atEnd(() => (server.closeAllConnections(), server.close()))
    let now = 1_000
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const watch = new ServiceWatch({ name: 'producer', url, apiKey: undefined, now: () => now })
    return { watch, server, pass: (ms: number) => (now += ms) }
  }

  const says = (status: number, told: object) => (path: string, response: ServerResponse) => {
    if (path === '/metrics')
      return response.end(
        'handoff_in_flight{service="producer"} 3\nprocess_start_time_seconds 5\nhandoff_routes_info{hash="abc"} 1\n',
      )
    response.writeHead(status).end(JSON.stringify(told))
  }

  test('is what it says, since when it says so, with its figures', async () => {
    const { watch, pass } = await watched()
    expect(watch.view).toMatchObject({ state: 'unknown', since: 1_000, checks: [] })
    answer = says(200, { status: 'ready', checks: { broker: { ok: true, detail: 'there' } } })
    await watch.look()
    pass(2_000)
    await watch.look()
    expect(watch.view).toMatchObject({
      ...{ state: 'ready', since: 1_000, startedAt: 5_000, gauges: { handoff_in_flight: 3 } },
      routes: { hash: 'abc' },
      checks: [{ name: 'broker', ok: true, detail: 'there' }],
      availability: [{ looks: 2, ready: 2 }],
    })
    answer = says(503, { status: 'not_ready', checks: { store: { ok: false, detail: 'away' } } })
    await watch.look()
    expect(watch.view).toMatchObject({ state: 'not_ready', since: 3_000, availability: [{ looks: 3, ready: 2 }] })
  })

  test('that is not there, or is something else, is away and shows no old figures', async () => {
    const { watch, server } = await watched()
    answer = says(200, { status: 'ready', checks: {} })
    await watch.look()
    answer = says(200, { hello: 'I am something else' })
    await watch.look()
    expect(watch.view).toMatchObject({ state: 'away' })
    answer = says(200, { status: 'ready', checks: { broker: null } })
    await watch.look()
    expect(watch.view.state).toBe('away')
    answer = (_path, response) => response.end('not JSON')
    await watch.look()
    expect(watch.view.state).toBe('away')
    server.closeAllConnections()
    server.close()
    await watch.look()
    expect(watch.view).toMatchObject({ state: 'away', gauges: {}, checks: [] })
    expect(watch.view.routes).toBeUndefined()
  })
})

const queue = (name: string, figures: Partial<FoundObject>): FoundObject => ({
  kind: 'queue',
  name,
  facts: {},
  ...figures,
})

describe('the queues of a group', () => {
  const names = ['mail', 'ledger']
  const look = (found: () => Promise<readonly FoundObject[]>) =>
    new BrokerWatch({ queues: { look: found }, groups: names, namespace: 'ns' })
  const nothing = () => []

  test('are taken together: work of all lanes and partitions, retries, dead letters', async () => {
    const watch = look(() =>
      Promise.resolve([
        queue('ns.mail.v1', { messages: 10, ready: 7, consumers: 2 }),
        queue('ns.mail.urgent.v1', { messages: 2, ready: 2, consumers: 2 }),
        queue('ns.mail.key.0.v1', { messages: 1, ready: 0, consumers: 1 }),
        queue('ns.mail.retry.5s.v1', { messages: 4, ready: 4 }),
        queue('ns.mail.dead.v1', { messages: 3, ready: 3, consumers: 0 }),
        queue('ns.ledger.v1', {}),
        queue('ns.mailing.v1', { messages: 99 }),
        queue('ns.unrouted.v1', { messages: 5 }),
      ]),
    )
    await watch.look()
    expect(watch.view(nothing)).toMatchObject({
      from: 'management',
      groups: [
        { name: 'mail', ready: 9, inHand: 4, waiting: 4, dead: 3, consumers: 2 },
        { name: 'ledger', ready: 0, inHand: 0, waiting: 0, dead: 0, consumers: 0 },
      ],
    })
  })

  test('are reckoned from our own records where the broker cannot be asked, and why is said', async () => {
    const watch = look(() => Promise.reject(new CannotSee('nobody answers at 15672')))
    await watch.look()
    const window = new MessageWindow(100)
    window.take(toldOf({ id: 'a' }, wholeStory(1).slice(0, 3)))
    window.take(toldOf({ id: 'b' }, wholeStory(1).slice(0, 4)))
    window.take(toldOf({ id: 'c' }, [...wholeStory(1).slice(0, 3), told('dead', 9, { group: 'mail', attempt: 5 })]))
    expect(watch.view(() => window.all())).toEqual({
      from: 'records',
      detail: 'nobody answers at 15672',
      groups: [
        { name: 'mail', ready: 2, inHand: 0, waiting: 0, dead: 1 },
        { name: 'ledger', ready: 2, inHand: 1, waiting: 0, dead: 0 },
      ],
    })
  })
})

describe('what waits', () => {
  const view = (window: MessageWindow, broker: Partial<BrokerView> = {}, now = 100_000) =>
    systemView({
      ...{ window, services: [], producerUrl: 'http://producer', now: () => now },
      broker: { view: () => ({ from: 'records', detail: '', groups: [], ...broker }) },
    })

  test('is the oldest message without an end, and none that is delayed', () => {
    const window = new MessageWindow(100)
    window.take(toldOf({ id: 'done' }, wholeStory(1)))
    window.take(toldOf({ id: 'later' }, [told('accepted', 2), told('delayed', 3)]))
    window.take(toldOf({ id: 'young' }, [told('accepted', 50)]))
    window.take(toldOf({ id: 'old' }, [told('accepted', 20)]))
    expect(view(window)).toMatchObject({ unfinished: 3, oldest: { id: 'old', at: 20 } })
    expect(view(new MessageWindow(100))).not.toHaveProperty('oldest')
  })

  test('is nothing whose steps were lost, where the broker says that its queues are empty', () => {
    const window = new MessageWindow(100)
    window.take(toldOf({ id: 'lost' }, wholeStory(1).slice(0, 4)))
    window.take(toldOf({ id: 'in the spool' }, [told('accepted', 5), told('stored', 5)]))
    const empty = { name: 'mail', ready: 0, inHand: 0, waiting: 0, dead: 9 }
    const told_ = (groups: BrokerView['groups'], now?: number) => view(window, { from: 'management', groups }, now)
    expect(told_([empty])).toMatchObject({ unfinished: 1, oldest: { id: 'in the spool' } })
    expect(told_([{ ...empty, inHand: 1 }])).toMatchObject({ unfinished: 2, oldest: { id: 'lost' } })
    // The broker's figures are late: what has just come may not be in them.
    expect(told_([empty], 5_000)).toMatchObject({ unfinished: 2 })
  })
})

test('a work is done again so long after it ended, until it is ended', async () => {
  const clock = new ManualClock()
  let done = 0
  const end = every(2_000, clock, () => Promise.resolve(void done++))
  await Promise.resolve()
  expect(done).toBe(1)
  await clock.pass(2_000)
  await Promise.resolve()
  expect(done).toBe(2)
  end()
  await clock.pass(10_000)
  expect(done).toBe(2)
})
