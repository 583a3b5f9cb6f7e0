/** A broker in alarm takes no publishes; what is in the queues is handled all the same, and afterwards all flows again. */
import { residentBytesOf } from '../../scripts/bench/process-facts'
import type { PublishResult } from '../../shared/messaging/transport'
import { openRabbitmq } from '../contract/open-rabbitmq'
import { envelopeOf, freshGroups, listen } from '../contract/transport-fixtures'
import { startPair, type Pair } from '../e2e/pair'
import { connectRaw } from '../support/amqp-client'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { figure, figureWithin } from '../support/figures'
import { howMany } from '../support/how-many'
import { payments } from '../support/ledger/kinds'
import { startLedger, type Ledger } from '../support/ledger/ledger'
import { useOwnBroker } from '../support/own-broker'
import { startService } from '../support/service'
import { eventuallySays } from './ready'

const broker = useOwnBroker()
const unknown = 'first-in-the-alarm'
const backlog = howMany({ sampled: 500, long: 5_000 })
const requestsInAlarm = howMany({ sampled: 1_000, long: 20_000 })

const calm = {
  memory: () => broker.ctl('set_vm_memory_high_watermark', '0.6'),
  disk: () => broker.ctl('set_disk_free_limit', '50000000'),
}

async function alarm(kind: 'memory' | 'disk'): Promise<void> {
  atEnd(calm[kind])
  if (kind === 'memory') await broker.ctl('set_vm_memory_high_watermark', '0.000001')
  else await broker.ctl('set_disk_free_limit', '1000000000000000')
}

test('a memory alarm: publishes are refused with the reason, consumption goes on, and all flows again after it', async () => {
  const env = { NAMESPACE: 'alarm' }
  const pair = await startPair(broker.url, env)
  const ledger = await startLedger(broker, pair)
  const accepted = await leaveBacklog(pair, ledger)
  await alarm('memory')
  await expectRefusals(pair, ledger)

  const startedAt = performance.now()
  await startService('consumer', { BROKER_URL: broker.url, STORE_URL: pair.storeUrl, ...env })
  await eventually('the backlog is handled', async () => (await pair.rows('select 1 from mails')).length === accepted)
  figure(`backlog of ${backlog} handled during the alarm in`, performance.now() - startedAt, 'ms')
  await eventuallySays(pair.producer, 'not_ready')

  const grownMiB = await memoryGrowth(pair.producer)
  figure('memory of the producer grew during the alarm by', grownMiB, 'MiB')
  expect(grownMiB).toBeLessThan(50)

  await calm.memory()
  const flowsAfterMs = await untilAccepted(pair, ledger)
  figure('after the alarm, first 202', flowsAfterMs, 'ms')
  expect(flowsAfterMs).toBeLessThan(5_000)
  await eventuallySays(pair.producer, 'ready')
  expect(await ledger.attempt(pair.producer.url, unknown, payments)).toMatchObject({ status: 202 })
  await ledger.expectHonest()
})

test('a disk alarm: what was sent waits and is confirmed after it, what comes meanwhile is refused at once', async () => {
  const groups = freshGroups()
  const { transport } = await openRabbitmq(broker.url, groups.all)
  const publish = () => transport.publish(envelopeOf(groups.command.type), { kind: 'command' })
  let tookMs: number
  let result: PublishResult
  do {
    await alarm('disk')
    const sentAt = performance.now()
    const sent = publish()
    const blocked = await eventually('it is blocked', () => !transport.status().publishing.ok && transport.status())
    expect(blocked.publishing.detail).toBe('blocked by the broker: low on disk')
    expect(await publish()).toEqual({ outcome: 'not_accepted', detail: 'blocked by the broker: low on disk' })
    await calm.disk()
    tookMs = performance.now() - sentAt
    result = await sent
    await eventually('it flows again', async () => (await publish()).outcome === 'confirmed')
    // Calming it takes a command, which a busy machine may run for longer than a publish waits.
  } while (result.outcome === 'unknown' && tookMs > 7_000)
  expect(result).toMatchObject({ outcome: 'confirmed' })
})

test('a disk alarm: consumption goes on, and what comes after it is confirmed soon', async () => {
  const groups = freshGroups()
  const { transport } = await openRabbitmq(broker.url, groups.all)
  const outcomeNow = async () => (await transport.publish(envelopeOf(groups.command.type), { kind: 'command' })).outcome
  for (let sent = 0; sent < backlog; sent += 50)
    expect(new Set(await Promise.all(Array.from({ length: 50 }, outcomeNow)))).toEqual(new Set(['confirmed']))
  await alarm('disk')
  const first = outcomeNow()
  await eventually('it is blocked', () => !transport.status().publishing.ok)

  const startedAt = performance.now()
  const { deliveries, subscription } = await listen(transport, groups.payments)
  await eventually('the backlog is handled', () => deliveries.length === backlog)
  const handledInMs = performance.now() - startedAt
  figure(`backlog of ${backlog} handled during the alarm in`, handledInMs, 'ms')
  // On a connection that is blocked it would take until that is given up, and replaced by one that has not published yet.
  expect(handledInMs).toBeLessThan(howMany({ sampled: 5_000, long: 20_000 }))
  await subscription.close(5_000)
  // What could not be acked would be back in the queue.
  const raw = await connectRaw(broker.url)
  expect(await raw.countReady(`test.${groups.payments.name}.v1`)).toBe(0)
  expect(await outcomeNow()).not.toBe('confirmed')

  await calm.disk()
  const calmAt = performance.now()
  await eventually('a publish is confirmed', async () => (await outcomeNow()) === 'confirmed')
  figureWithin('after the alarm, first confirm', calmAt, 5_000)
  await first
})

/** Orders that wait in the queues, since the consumer was told to stop. */
async function leaveBacklog(pair: Pair, ledger: Ledger): Promise<number> {
  pair.consumer.kill('SIGTERM')
  await pair.consumer.exited
  const load = ledger.send(() => pair.producer.url, 'backlog')
  await eventually('the backlog is there', () => load.accepted() >= backlog)
  return (await load.finish()).size
}

/** The broker tells of its alarm only to whoever publishes: the first one waits, and its outcome is unknown. */
async function expectRefusals({ producer }: Pair, ledger: Ledger): Promise<void> {
  const first = ledger.attempt(producer.url, unknown, payments)
  const { checks } = await eventuallySays(producer, 'not_ready')
  expect(checks['broker']?.detail).toBe('blocked by the broker: low on memory')
  const startedAt = performance.now()
  expect(await ledger.attempt(producer.url, 'refused')).toMatchObject({
    status: 503,
    body: { outcome: 'not_accepted' },
  })
  expect(performance.now() - startedAt).toBeLessThan(1_000)
  expect(await first).toMatchObject({ status: 503, body: { outcome: 'unknown' } })
}

/** In 100 kB a request, once the heap has the size it works with: what is kept of them would show. */
async function memoryGrowth({ pid, url }: Pair['producer']): Promise<number> {
  const mebibytes = () => residentBytesOf(pid) / 1_048_576
  const data = { provider: 'p', event: 'e', deliveryId: 'd', payload: { filler: 'x'.repeat(100_000) } }
  const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(data) }
  const ask = async () => {
    const answer = await fetch(`${url}/messages/webhook.received`, options)
    await answer.text()
    return answer.status
  }
  const send = async (requests: number) => {
    for (let sent = 0; sent < requests; sent += 20)
      expect(new Set(await Promise.all(Array.from({ length: 20 }, ask)))).toEqual(new Set([503]))
  }
  await send(500)
  const before = mebibytes()
  await send(requestsInAlarm)
  return mebibytes() - before
}

async function untilAccepted({ producer }: Pair, ledger: Ledger): Promise<number> {
  const startedAt = performance.now()
  await eventually('a 202', async () => (await ledger.attempt(producer.url, 'after'))?.status === 202)
  return performance.now() - startedAt
}
