/** PostgreSQL goes away, falls silent, is slow, full or loses an answer under load: no attempt is spent on it, and each effect is one. */
import { Client } from 'pg'
import { startCutProxy } from '../contract/store-cut-proxy'
import { startPair, type Pair } from '../e2e/pair'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { diskHasRoomFor, diskIsFullFor } from '../support/disk-full'
import { eventually } from '../support/eventually'
import { figure, figureWithin } from '../support/figures'
import { startLedger } from '../support/ledger/ledger'
import { freshDatabase, onPostgres } from '../support/on-postgres'
import type { TcpProxy } from '../../scripts/network/tcp-proxy'
import { startProxy } from '../support/tcp-proxy'
import { onStore } from '../support/on-store'
import { expectNoAttemptSpent, processed } from './consumer-log'
import { eventuallySays } from './ready'

const broker = useBroker()

// Each way; longer than who meets a lock waits for it, shorter than any time for an answer.
const slowByMs = 300

const refusals = 'select last_value from refusals'
const waiting = `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`

function byPort(url: URL, port: number): string {
  const other = new URL(url)
  other.hostname = '127.0.0.1'
  other.port = String(port)
  return other.href
}

const isReady = async (pair: Pair) => (await fetch(`${pair.consumer.url}/readyz`)).status === 200
const outages: Readonly<Record<string, { begin: (path: TcpProxy) => void; end: (path: TcpProxy) => void }>> = {
  'is gone': {
    begin: (path) => {
      path.refuse()
      path.cut()
    },
    end: (path) => path.accept(),
  },
  'is silent': { begin: (path) => path.swallow(), end: (path) => path.resume() },
}

onPostgres(() => {
  test.each(Object.entries(outages))('%s: red meanwhile, back within two seconds', async (what, { begin, end }) => {
    const url = new URL(await freshDatabase())
    const path = await startProxy({ targetHost: url.hostname, targetPort: Number(url.port || 5432) })
    const namespace = what.replaceAll(' ', '-')
    const pair = await startPair(broker.url, { NAMESPACE: namespace, STORE_URL: byPort(url, path.port) })
    const ledger = await startLedger(broker, pair)
    const load = ledger.send(() => pair.producer.url, namespace)
    await eventually('the load is under way', () => load.accepted() > 100)
    begin(path)
    await eventually('the consumer is red', async () => !(await isReady(pair)))
    const before = processed(pair)
    const backAt = performance.now()
    end(path)
    await eventually('messages are processed', () => processed(pair) > before)
    figureWithin(`back after the store ${what}`, backAt, 2_000)
    await load.finish()
    await ledger.expectHonest()
    expectNoAttemptSpent(pair)
    await eventually('the consumer is ready', () => isReady(pair))
  })

  test('is slow: messages flow on, and it is not mistaken for a store that is away', async () => {
    const url = new URL(await freshDatabase())
    const path = await startProxy({ targetHost: url.hostname, targetPort: Number(url.port || 5432) })
    const pair = await startPair(broker.url, { NAMESPACE: 'slow', STORE_URL: byPort(url, path.port) })
    const ledger = await startLedger(broker, pair)
    // Fewer than the producer has connections: one that waited for a connection first would be out of its time.
    const load = ledger.send(() => pair.producer.url, 'slow', { senders: 8 })
    await eventually('the load is under way', () => load.accepted() > 100)
    path.delay(slowByMs)
    const acceptedBefore = load.accepted()
    const before = processed(pair)
    const slowAt = performance.now()
    const enough = () => {
      const [accepted, done] = [load.accepted() - acceptedBefore, processed(pair) - before]
      if (accepted > 20 && done > 100) return true
      throw new Error(`${accepted} accepted, ${done} processed`)
    }
    await eventually('messages are accepted and processed', enough, { withinMs: 90_000 })
    figure(`100 processed with a store that answers ${2 * slowByMs} ms later in`, performance.now() - slowAt, 'ms')
    expect(await isReady(pair)).toBe(true)
    path.delay(0)
    expect([...load.refusals.keys()]).toEqual([])
    await load.finish()
    await ledger.expectHonest()
    expectNoAttemptSpent(pair)
  })

  test('loses the answers to commits: what was committed is not done again', async () => {
    const url = new URL(await freshDatabase())
    const path = await startCutProxy({ host: url.hostname, port: Number(url.port || 5432) })
    atEnd(() => path.close())
    const pair = await startPair(broker.url, { NAMESPACE: 'commits', STORE_URL: byPort(url, path.port) })
    const ledger = await startLedger(broker, pair)
    const load = ledger.send(() => pair.producer.url, 'commits')
    for (const share of [50, 100, 150, 200]) {
      await eventually(`${share} were accepted`, () => load.accepted() > share)
      path.cutAfterSending('COMMIT')
    }
    await load.finish()
    await ledger.expectHonest()
    expectNoAttemptSpent(pair)
  })

  test('is full: red meanwhile, no attempt is spent however long it lasts, and all flows on with room', async () => {
    const url = await freshDatabase()
    const pair = await startPair(broker.url, { NAMESPACE: 'full', STORE_URL: url })
    const ledger = await startLedger(broker, pair)
    await onStore(url, diskIsFullFor('ledger_entries'))
    expect(await ledger.attempt(pair.producer.url, 'first')).toMatchObject({ status: 202 })
    // More often than a store that takes others may refuse a message before that is called the message's fault.
    await eventually('it was refused often', async () => Number((await pair.rows(refusals))[0]?.['last_value']) > 15)
    expectNoAttemptSpent(pair)
    const { checks } = await eventuallySays(pair.consumer, 'not_ready')
    expect(checks['store']?.detail).toContain('No space left on device')
    const load = ledger.send(() => pair.producer.url, 'full')
    await eventually('the load is under way', () => load.accepted() > 100)
    const before = processed(pair, 'ledger')
    const roomAt = performance.now()
    await onStore(url, diskHasRoomFor('ledger_entries'))
    await eventually('messages are processed', () => processed(pair, 'ledger') > before)
    figureWithin('processed after there was room', roomAt, 5_000)
    await load.finish()
    await ledger.expectHonest()
    expectNoAttemptSpent(pair)
    await eventuallySays(pair.consumer, 'ready')
  })

  test('has a table locked: what writes to it waits, and is done once when it is free', async () => {
    const url = new URL(await freshDatabase())
    const pair = await startPair(broker.url, { NAMESPACE: 'locked', STORE_URL: url.href })
    const client = new Client({ connectionString: url.href })
    await client.connect()
    atEnd(() => client.end())
    await client.query('begin')
    await client.query('lock table ledger_entries in access exclusive mode')
    const ledger = await startLedger(broker, pair)
    const load = ledger.send(() => pair.producer.url, 'locked')
    await eventually('orders wait for the lock', async () => (await pair.rows(waiting)).length > 1)
    await client.query('commit')
    await load.finish()
    await ledger.expectHonest()
    expectNoAttemptSpent(pair)
  })
})
