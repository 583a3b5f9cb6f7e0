/** What is written into the outbox within a transaction is published if that is committed, and only then, and in order. */
import { Client } from 'pg'
import { outbox } from '../../shared/forwarding/outbox-write'
import { hello } from '../../shared/messages/hello'
import type { FailpointName } from '../../shared/runtime/failpoints'
import type { SqlValue } from '../../shared/store/store'
import { sendOrders } from '../e2e/load'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { figureWithin } from '../support/figures'
import { howMany, isLongRun } from '../support/how-many'
import { orders, payments } from '../support/ledger/kinds'
import { freshDatabase, onPostgres } from '../support/on-postgres'
import { proxiedBroker } from '../support/proxied-broker'
import { startService } from '../support/service'
import { temporaryStoreUrl } from '../support/temporary-store'
import { outboxStage } from './outbox-stage'
import { eventuallySays, metricOf } from './ready'

const broker = useBroker()

describe('SQLite', () => outboxTests('lite', temporaryStoreUrl))
onPostgres(() => outboxTests('pg', freshDatabase))

function outboxTests(prefix: string, url: () => Promise<string>): void {
  const stageOf = async (namespace: string) => outboxStage(broker, `${prefix}-${namespace}`, await url())

  test.each(['collected', 'interactive'] as const)('what a handler emits (%s) follows from its effect', async (how) => {
    const stage = await stageOf(`emit-${how}`)
    await stage.emitting(undefined, how)
    const producer = await startService('producer', stage.settings)
    const send = async (orderId: string) => {
      const headers = { 'content-type': 'application/json', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }
      const body = JSON.stringify(orders.body(orderId))
      const answer = await fetch(`${producer.url}/messages/${orders.type}`, { method: 'POST', headers, body })
      return ((await answer.json()) as { id: string }).id
    }
    const rows = (sql: string) => stage.store.query(sql)
    await send('rejected-1')
    await send('A-1')
    const [captured] = await eventually('it is captured', async () => {
      const found = await rows('select payment_id, message_id from captures')
      return found.length > 0 && found
    })
    expect(captured?.['payment_id']).toBe('A-1')
    await eventually('the outbox is empty', async () => (await stage.store.outbox.counts()).waiting === 0)
    const raw = await connectRaw(broker.url)
    await eventually(
      'the other is parked',
      async () => (await raw.countReady(`${stage.settings['NAMESPACE']}.ledger.dead.v1`)) === 1,
    )
    expect(await rows('select payment_id from captures')).toHaveLength(1)
    expect(await rows('select order_id from ledger_entries')).toEqual([{ order_id: 'A-1' }])
  })

  test('an emitted message tells what it follows from, keeps the trace, and has a key', async () => {
    const stage = await stageOf('lineage')
    const consumer = await startService('consumer', { ...stage.settings, CONSUMER_GROUPS: 'greetings' })
    const raw = await connectRaw(broker.url)
    const emitter = await stage.emitting()
    const producer = await startService('producer', stage.settings)
    for (const service of [emitter, consumer]) expect(service.pid).toBeGreaterThan(0)
    const watched = `${stage.settings['NAMESPACE']}.watched`
    await raw.channel.assertQueue(watched, { exclusive: true })
    await raw.channel.bindQueue(watched, `${stage.settings['NAMESPACE']}.commands.v1`, `${payments.type}.#`)
    const headers = { 'content-type': 'application/json', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }
    const body = JSON.stringify(orders.body('L-1'))
    const answer = await fetch(`${producer.url}/messages/${orders.type}`, { method: 'POST', headers, body })
    const { id } = (await answer.json()) as { id: string }
    const message = await eventually('it is published', () => raw.get(watched))
    expect(JSON.parse(message.content.toString())).toEqual(payments.body('L-1'))
    expect(message.properties.correlationId).toBe(id)
    const told = message.properties.headers as Record<string, unknown>
    expect(told).toMatchObject({
      cloudEvents_causationid: id,
      cloudEvents_correlationid: id,
      cloudEvents_source: `/${stage.settings['NAMESPACE']}/consumer/ledger`,
      cloudEvents_partitionkey: 'l-1@example.com',
    })
    expect(String(told['traceparent'])).toContain('a'.repeat(32))
  })

  /** Kills emitting consumers, one at each of these places and under load; then one lives: each order has its capture, once. */
  async function killedAt(...points: readonly FailpointName[]): Promise<void> {
    const stage = await stageOf(`killed-${points[0]?.replace('.', '-')}`)
    const producer = await startService('producer', stage.settings)
    const rows = (sql: string) => stage.store.query(sql)
    let accepted = 0
    for (let round = 0; round < howMany({ sampled: 1, long: 10 }); round++) {
      const left = new Set<SqlValue | undefined>()
      for (const point of points) {
        const victim = await stage.emitting(`${point}=kill@${3 + round}`)
        const load = sendOrders(() => producer.url, `${point}-${round}`, { senders: 3, kind: orders })
        expect(await victim.exited).toEqual({ code: null, signal: 'SIGKILL' })
        for (const { id } of await rows('select id from handoff_outbox')) left.add(id)
        accepted += (await load.finish()).size
      }
      expect(left.size).toBeGreaterThan(0)
      const successor = await stage.emitting()
      const counts = 'select (select count(*) from ledger_entries) as o, (select count(*) from captures) as c'
      const isDone = async () => {
        const [row] = await rows(counts)
        return row?.['o'] === accepted && row['c'] === accepted && (await stage.store.outbox.counts()).waiting === 0
      }
      // What the killed ones had claimed is free again after half a minute.
      await eventually('every order has its capture', isDone, { withinMs: 90_000 })
      const captured = new Set((await rows('select message_id from captures')).map((row) => row['message_id']))
      expect([...left].filter((id) => !captured.has(id))).toEqual([])
      successor.kill('SIGTERM')
      expect(await successor.exited).toEqual({ code: 0, signal: null })
    }
    const otherwise =
      'select payment_id, amount_cents from captures except select order_id, amount_cents from ledger_entries'
    expect(await rows(otherwise)).toEqual([])
  }

  test('killed: C7 committed, nothing published', () => killedAt('handler.committed'))
  // After these a claim has to end, which takes half a minute: in a sample, on one store.
  const afterClaim = prefix === 'lite' || isLongRun ? test : test.skip
  afterClaim('killed: C7 claimed; published from the outbox, not confirmed; confirmed, the row not deleted', () =>
    killedAt('outbox.claimed', 'publish.written', 'stored.sent'),
  )

  test('a row that is no message is refused with why, told, and holds nothing up', async () => {
    const stage = await stageOf('refused')
    const consumer = await stage.consumer('greetings')
    const key = 'k'
    await stage.write(
      { type: 'no.such', data: '{}' },
      { type: 'payment.capture', data: '{"paymentId":""}', key },
      { type: 'payment.capture', data: 'no JSON', key },
      { type: 'hello', data: 'Hello World!', key },
    )
    await eventually(
      'the good one is handled',
      async () => (await stage.store.query('select 1 from greetings')).length === 1,
    )
    const rows = () => stage.store.query('select type, refused from handoff_outbox order by seq')
    // Its row goes when its confirm has come, which may be after its effect.
    await eventually('its row is gone', async () => (await rows()).every(({ type }) => type !== 'hello'))
    const refused = await rows()
    expect(refused.map((row) => row['refused'])).toEqual([
      // Of a type that another consumer may know.
      null,
      expect.stringMatching(/^the data does not fit: /),
      'the body is not JSON',
    ])
    const { checks } = await eventuallySays(consumer, 'degraded')
    expect(checks['outbox']?.detail).toMatch(
      /^2 rows are no message: see the column "refused"; it holds 1 message, the oldest, of type no\.such, for \d+ s$/,
    )
    expect(consumer.logs.filter(({ msg }) => String(msg).startsWith('a row of the outbox is no message'))).toHaveLength(
      2,
    )
    expect(await metricOf(consumer, 'handoff_outbox_left_total{fate="refused"}')).toBe(2)
    expect(await metricOf(consumer, 'handoff_outbox_left_total{fate="confirmed"}')).toBe(1)
    expect((await stage.store.outbox.counts()).waiting).toBe(1)
  })

  test('many relays side by side: each message once, those of one key in order', async () => {
    const stage = await stageOf('many')
    // For a group that nobody here runs, so that what is published stays in its queue.
    await Promise.all([1, 2, 3].map(() => stage.consumer('greetings')))
    const count = howMany({ sampled: 600, long: 20_000 })
    const keyed = (number: number) => (number % 2 === 0 ? { key: `key-${number % 14}` } : {})
    const rows = Array.from({ length: count }, (_, number) => ({
      type: 'payment.capture',
      data: JSON.stringify({ paymentId: String(number), amountCents: 1 }),
      ...keyed(number),
    }))
    for (let at = 0; at < rows.length; at += 100) await stage.write(...rows.slice(at, at + 100))
    await eventually('the outbox is empty', async () => (await stage.store.outbox.counts()).waiting === 0, {
      withinMs: 100_000,
    })
    const raw = await connectRaw(broker.url)
    const places = ['', ...[0, 1, 2, 3].map((partition) => `key.${partition}.`)]
    const queues = places.map((place) => `${stage.settings['NAMESPACE']}.payments.${place}v1`)
    const ready = await Promise.all(queues.map((queue) => raw.countReady(queue)))
    expect(ready.reduce((sum, messages) => sum + messages, 0)).toBe(count)
    const numbers: number[] = []
    // Nothing can be got by hand from a queue that has one consumer at a time.
    for (const queue of queues)
      await raw.channel.consume(queue, (message) => {
        const { paymentId } = JSON.parse(String(message?.content)) as { paymentId: string }
        numbers.push(Number(paymentId))
      })
    await eventually('all have come', () => numbers.length === count)
    expect(new Set(numbers).size).toBe(count)
    for (const [key, ofKey] of Map.groupBy(
      numbers.filter((number) => number % 2 === 0),
      (number) => number % 14,
    ))
      expect([key, ofKey]).toEqual([key, [...ofKey].sort((a, b) => a - b)])
  })

  test('while the broker is away the outbox keeps all, and publishes it afterwards', async () => {
    const { proxy, url: path } = await proxiedBroker(broker.url)
    const stage = await stageOf('away')
    const consumer = await startService('consumer', {
      ...stage.settings,
      BROKER_URL: path,
      CONSUMER_GROUPS: 'greetings',
    })
    proxy.refuse()
    proxy.cut()
    await eventuallySays(consumer, 'not_ready')
    await stage.write(...Array.from({ length: 50 }, (_, number) => ({ type: 'hello', data: `Hello ${number}!` })))
    expect((await stage.store.outbox.counts()).waiting).toBe(50)
    proxy.accept()
    await eventually('all are handled', async () => (await stage.store.query('select 1 from greetings')).length === 50)
    await eventually('the outbox is empty', async () => (await stage.store.outbox.counts()).waiting === 0)
  })
}

onPostgres(() => {
  test('with a client of one own: published soon after the commit, and not at all after a rollback', async () => {
    const stage = await outboxStage(broker, 'pg-client', await freshDatabase())
    await stage.consumer('greetings')
    const client = new Client({ connectionString: stage.settings['STORE_URL'] ?? '' })
    await client.connect()
    atEnd(() => client.end())
    await client.query('begin')
    await outbox.add(client, hello, 'rolled back')
    await client.query('rollback')
    await client.query('begin')
    await outbox.add(client, hello, 'committed')
    const greetings = () => stage.store.query('select greeting from greetings')
    expect(await greetings()).toEqual([])
    await client.query('commit')
    const committedAt = performance.now()
    await eventually('it is handled', async () => (await greetings()).length > 0)
    // That it is told, and does not only look, is in the contract of the store.
    figureWithin('from the commit to the effect, by way of the outbox', committedAt, 5_000)
    expect(await greetings()).toEqual([{ greeting: 'committed' }])
    await expect(outbox.add(client, hello, '')).rejects.toThrow('"hello" does not fit its schema: / ')
  })
})
