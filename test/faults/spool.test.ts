/** The broker goes away, and the producer keeps what it accepts on its own disk: nobody is refused, nothing is lost. */
import { partitionOf } from '../../shared/messaging/partition'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { post, startPair, type Answer, type Pair } from '../e2e/pair'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { figure, figureWithin } from '../support/figures'
import { howMany } from '../support/how-many'
import { livedSince } from '../support/lived'
import { orders, payments } from '../support/ledger/kinds'
import { startLedger, type Ledger } from '../support/ledger/ledger'
import { proxiedBroker, type ProxiedBroker } from '../support/proxied-broker'
import { startService, type RunningService } from '../support/service'
import { fill, makeReadOnly, smallDisk, withSmallDisk } from '../support/small-disk'
import { temporarySpool } from '../support/temporary-spool'
import { openCaller } from './caller'
import { eventuallySays, metricOf } from './ready'

const broker = useBroker()

interface Stage {
  readonly path: ProxiedBroker
  readonly pair: Pair
  readonly ledger: Ledger
  readonly settings: Readonly<Record<string, string>>
  /** The path to the broker breaks. */
  readonly away: () => void
  readonly back: () => void
  /** Another producer in the place of the first. */
  readonly successor: () => Promise<RunningService>
}

async function start(namespace: string, more: Record<string, string> = {}): Promise<Stage> {
  const path = await proxiedBroker(broker.url)
  const settings = { NAMESPACE: namespace, SPOOL_PATH: await temporarySpool(), ...more }
  const pair = await startPair(path.url, settings)
  const shared = { ...settings, BROKER_URL: path.url, STORE_URL: pair.storeUrl }
  return {
    path,
    pair,
    settings: shared,
    ledger: await startLedger(broker, pair),
    away: () => {
      path.proxy.refuse()
      path.proxy.cut()
    },
    back: () => path.proxy.accept(),
    successor: () => startService('producer', shared),
  }
}

const stored = { status: 202, body: { outcome: 'stored' } }

/** Waits until the producer knows that its broker is gone. */
async function gone({ pair, away }: Stage): Promise<void> {
  away()
  await eventuallySays(pair.producer, 'degraded')
}

async function storedOnes({ pair, ledger }: Stage, prefix: string, count: number): Promise<void> {
  for (let number = 0; number < count; number++)
    expect(await ledger.attempt(pair.producer.url, `${prefix}-${number}`)).toMatchObject(stored)
}

async function ended(service: RunningService, signal: NodeJS.Signals): Promise<void> {
  service.kill(signal)
  await service.exited
}

test('an outage under load: no request is refused, and all of them have their effect after it', async () => {
  const stage = await start('spool-outage')
  const { pair, ledger, away, back } = stage
  const load = ledger.send(() => pair.producer.url, 'outage', { senders: 5 })
  await eventually('the load is under way', () => load.accepted() > 200)
  away()
  const readiness = await eventuallySays(pair.producer, 'degraded')
  expect(readiness).toMatchObject({ code: 200, checks: { broker: { ok: false }, spool: { ok: true } } })
  expect(readiness.checks['broker']?.detail).toMatch(/the spool takes messages meanwhile$/)
  const before = load.accepted()
  await eventually('it was away for long', () => load.accepted() > before + howMany({ sampled: 2_000, long: 50_000 }))
  back()
  await eventuallySays(pair.producer, 'ready')
  await load.finish()
  await ledger.expectHonest()
  expect([...load.refusals]).toEqual([])
  expect(await metricOf(pair.producer, 'handoff_spool_messages')).toBe(0)
})

test('a caller waits no longer in an outage than a disk takes', async () => {
  const stage = await start('spool-latency')
  const call = openCaller(stage.pair.producer)
  const body = JSON.stringify(orders.body('latency'))
  const headers = { 'content-type': 'application/json' }
  for (let sent = 0; sent < 200; sent++) await call({ type: orders.type, body, headers })
  const times: number[] = []
  let longestLivedMs = 0
  stage.away()
  for (let sent = 0; sent < 500; sent++) {
    const askedAt = performance.now()
    const { status, ms } = await call({ type: orders.type, body, headers })
    expect(status).toBe(202)
    times.push(ms)
    longestLivedMs = Math.max(longestLivedMs, livedSince(askedAt))
  }
  times.sort((a, b) => a - b)
  figure('202 in an outage, 99 of 100 sooner than', times[494] ?? 0, 'ms')
  figure('202 in an outage, the longest', times.at(-1) ?? 0, 'ms')
  expect(longestLivedMs).toBeLessThan(1_500)
})

test('killed with messages in its spool, its successor sends them within two seconds', async () => {
  const stage = await start('spool-killed')
  await gone(stage)
  await storedOnes(stage, 'killed', 50)
  await ended(stage.pair.producer, 'SIGKILL')
  stage.back()
  const successor = await stage.successor()
  const readyAt = performance.now()
  await eventually('the spool is empty', async () => (await metricOf(successor, 'handoff_spool_messages')) === 0)
  figureWithin('after a restart, a spool of 50 is sent', readyAt, 2_000)
  await stage.ledger.expectHonest()
})

test('a stop with a full spool takes no longer than another, loses nothing, and the next one sends it', async () => {
  const stage = await start('spool-stopped', { SPOOL_MAX_BYTES: '200000' })
  await gone(stage)
  const { pair, ledger } = stage
  let answer: Answer | undefined
  for (let number = 0; answer?.status !== 503; number++)
    answer = await ledger.attempt(pair.producer.url, `full-${number}`)
  expect(answer.body).toMatchObject({ outcome: 'not_accepted' })
  expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
  expect((await eventuallySays(pair.producer, 'not_ready')).checks['spool']?.detail).toMatch(
    /^the spool is full: it has \d+ of the 200000 bytes that SPOOL_MAX_BYTES allows; it holds \d+ messages/,
  )
  const askedAt = performance.now()
  pair.producer.kill('SIGTERM')
  expect(await pair.producer.exited).toEqual({ code: 0, signal: null })
  figureWithin('from SIGTERM to the end with a full spool', askedAt, 10_000)
  stage.back()
  const successor = await stage.successor()
  await ledger.expectHonest()
  await eventuallySays(successor, 'ready')
  expect(await ledger.attempt(successor.url, 'after')).toMatchObject({ status: 202, body: { outcome: 'confirmed' } })
  await ledger.expectHonest()
})

test('a repeat of a stored message with its key is answered the same, and has no second effect', async () => {
  const stage = await start('spool-repeat')
  await gone(stage)
  const { pair, ledger, back } = stage
  const first = await ledger.attempt(pair.producer.url, 'again')
  expect(await ledger.attempt(pair.producer.url, 'again')).toMatchObject({ ...stored, body: first?.body })
  back()
  await ledger.expectHonest()
  expect(await ledger.attempt(pair.producer.url, 'again')).toMatchObject({ ...stored, body: first?.body })
  await ledger.expectHonest()
})

test('with one partition key, messages are in the queue in the order in which they were accepted, through an outage', async () => {
  const stage = await start('spool-order')
  const { pair, back } = stage
  await ended(pair.consumer, 'SIGTERM')
  const outcomes = new Set<unknown>()
  const send = async (number: number) => {
    const headers = {
      'content-type': 'application/json',
      'ce-specversion': '1.0',
      'ce-id': String(number),
      'ce-source': '/order',
      'ce-type': orders.type,
      'ce-partitionkey': 'customer-7',
    }
    const body = JSON.stringify(orders.body(String(number)))
    const answer = await fetch(`${pair.producer.url}/messages`, { method: 'POST', headers, body })
    outcomes.add(((await answer.json()) as Answer['body'])['outcome'])
    expect(answer.status).toBe(202)
  }
  let number = 0
  for (; number < 20; number++) await send(number)
  await gone(stage)
  for (; number < 60; number++) await send(number)
  back()
  for (; number < 200; number++) await send(number)
  expect(outcomes).toEqual(new Set(['confirmed', 'stored']))
  const { channel } = await connectRaw(broker.url)
  const ids: number[] = []
  // Nothing can be got by hand from a queue that has one consumer at a time.
  await channel.consume(`spool-order.ledger.key.${partitionOf('customer-7', 4)}.v1`, (message) =>
    ids.push(Number(message?.properties.messageId)),
  )
  await eventually('all are there', () => new Set(ids).size >= number)
  // One that was sent twice stands twice, which the inbox sees to; the first of each is what order means.
  expect([...new Set(ids)]).toEqual(Array.from({ length: number }, (_, each) => each))
})

test('a stored command that finds no queue is parked where a person finds it, and holds nothing else up', async () => {
  const { proxy, url } = await proxiedBroker(broker.url)
  const settings = { NAMESPACE: 'spool-unroutable', BROKER_URL: url, SPOOL_PATH: await temporarySpool() }
  const producer = await startService('producer', settings, { instead: [join(__dirname, 'no-payments-child.ts')] })
  proxy.refuse()
  proxy.cut()
  await eventuallySays(producer, 'degraded')
  const answer = await post(`${producer.url}/messages/${payments.type}`, payments.body('lost'))
  expect(answer).toMatchObject(stored)
  expect(await post(`${producer.url}/messages/${orders.type}`, orders.body('found'))).toMatchObject(stored)
  proxy.accept()
  const raw = await connectRaw(broker.url)
  const found = await eventually('the other one is sent', () => raw.get('spool-unroutable.ledger.v1'))
  expect(JSON.parse(found.content.toString())).toEqual(orders.body('found'))
  const parked = await eventually('it is parked', () => raw.get('spool-unroutable.unrouted.v1'))
  expect(parked.properties).toMatchObject({ messageId: answer.body['id'], type: payments.type })
  expect(JSON.parse(parked.content.toString())).toEqual(payments.body('lost'))
  await eventually('the spool is empty', async () => (await metricOf(producer, 'handoff_spool_messages')) === 0)
  expect(producer.logs).toContainEqual(
    expect.objectContaining({ level: 'error', messageId: answer.body['id'], messageType: payments.type }),
  )
  expect(await metricOf(producer, 'handoff_spool_left_total{fate="unrouted"}')).toBe(1)
})

test('killed when a stored command was parked and is not marked as sent, its successor parks it once more under its id', async () => {
  const { proxy, url } = await proxiedBroker(broker.url)
  const settings = { NAMESPACE: 'spool-parked-twice', BROKER_URL: url, SPOOL_PATH: await temporarySpool() }
  const start = (failpoints: Readonly<Record<string, string>> = {}) =>
    startService('producer', { ...settings, ...failpoints }, { instead: [join(__dirname, 'no-payments-child.ts')] })
  const victim = await start({ FAILPOINTS: 'stored.sent=kill' })
  proxy.refuse()
  proxy.cut()
  await eventuallySays(victim, 'degraded')
  const answer = await post(`${victim.url}/messages/${payments.type}`, payments.body('twice'))
  expect(answer).toMatchObject(stored)
  proxy.accept()
  expect(await victim.exited).toEqual({ code: null, signal: 'SIGKILL' })
  const successor = await start()
  await eventually('the spool is empty', async () => (await metricOf(successor, 'handoff_spool_messages')) === 0)
  const raw = await connectRaw(broker.url)
  const parked = await raw.getAll('spool-parked-twice.unrouted.v1')
  expect(parked.map(({ properties }) => String(properties.messageId))).toEqual([answer.body['id'], answer.body['id']])
})

test('a bit that the disk has turned costs that one message alone, and is told until a person has looked', async () => {
  const stage = await start('spool-damaged')
  await gone(stage)
  const { pair, settings, ledger, back } = stage
  const spool = settings['SPOOL_PATH'] ?? ''
  await storedOnes(stage, 'sound', 3)
  const harmed = await pair.post(orders.type, orders.body('harmed'), { 'idempotency-key': 'harmed' })
  expect(harmed).toMatchObject(stored)
  await ended(pair.producer, 'SIGKILL')
  const [segment = ''] = readdirSync(spool).filter((name) => name.endsWith('.spool'))
  const bytes = readFileSync(join(spool, segment))
    .toString('latin1')
    .replace('"orderId":"harmed"', '"orderId":"hbrmed"')
  writeFileSync(join(spool, segment), Buffer.from(bytes, 'latin1'))
  back()
  const successor = await stage.successor()
  await ledger.expectHonest()
  const { checks } = await eventuallySays(successor, 'degraded')
  expect(checks['spool']?.detail).toMatch(/^damaged entries were set aside in 00000001-\d+\.damaged/)
  expect(successor.logs).toContainEqual(expect.objectContaining({ level: 'error', why: 'no whole record' }))
  const [file = ''] = readdirSync(spool).filter((name) => name.endsWith('.damaged'))
  expect(readFileSync(join(spool, file), 'latin1')).toContain('hbrmed')
})

test('two producers do not share a spool: the second says so and ends', async () => {
  const stage = await start('spool-shared')
  const second = await startService('producer', stage.settings, { until: 'spawned' })
  expect(await second.exited).toEqual({ code: 1, signal: null })
  expect(second.logs).toContainEqual(
    expect.objectContaining({
      msg: expect.stringContaining('another process uses it; SPOOL_PATH has to name a folder of its own') as string,
    }),
  )
  expect(await stage.ledger.attempt(stage.pair.producer.url, 'first')).toMatchObject({ status: 202 })
})

withSmallDisk('on a disk of its own', () => {
  test('a full disk: refused with the reason while the broker is away, confirmed while it is there, stored with room again', async () => {
    const disk = smallDisk()
    const stage = await start('spool-full-disk', { SPOOL_PATH: join(disk, 'spool') })
    const { pair, ledger, back } = stage
    await gone(stage)
    await storedOnes(stage, 'before', 3)
    const makeRoom = fill(disk)
    const full = async () => {
      const answer = await ledger.attempt(pair.producer.url, 'no-room')
      return answer?.status === 503 && answer
    }
    // The last block of a file has room for some more.
    const filler = Array.from({ length: 200 }, (_, number) => ledger.attempt(pair.producer.url, `last-${number}`))
    await Promise.all(filler)
    expect((await eventually('it is refused', full)).body).toMatchObject({ outcome: 'not_accepted' })
    expect((await eventuallySays(pair.producer, 'not_ready')).checks['spool']?.detail).toContain('ENOSPC')
    back()
    await eventuallySays(pair.producer, 'degraded')
    expect(await ledger.attempt(pair.producer.url, 'direct')).toMatchObject({ body: { outcome: 'confirmed' } })
    await makeRoom()
    await eventuallySays(pair.producer, 'ready')
    await gone(stage)
    expect(await ledger.attempt(pair.producer.url, 'room')).toMatchObject(stored)
    back()
    await ledger.expectHonest()
    const lines = pair.producer.logs.filter(({ msg }) => String(msg).startsWith('the spool takes'))
    expect(lines.map(({ msg }) => msg)).toEqual([
      'the spool takes nothing; trying again',
      'the spool takes messages again',
    ])
  })

  test('a disk that is read-only stops the start, with the reason', async () => {
    const disk = smallDisk()
    makeReadOnly(disk)
    const settings = { NAMESPACE: 'spool-read-only', BROKER_URL: broker.url, SPOOL_PATH: join(disk, 'spool') }
    const producer = await startService('producer', settings, { until: 'spawned' })
    expect(await producer.exited).toEqual({ code: 1, signal: null })
    expect(producer.logs).toContainEqual(
      expect.objectContaining({
        msg: expect.stringMatching(/could not start: the spool .* cannot be used: EROFS/) as string,
      }),
    )
    expect(existsSync(join(disk, 'spool'))).toBe(false)
  })
})
