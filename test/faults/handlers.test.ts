/** Handlers that never return, always fail or hold the event loop: only their own messages suffer. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openStore } from '../../shared/store/open-store'
import { parkOrders } from '../e2e/dead-letter-fixtures'
import { handoff } from '../e2e/handoff'
import { order, post } from '../e2e/pair'
import { connectRaw } from '../support/amqp-client'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { figure } from '../support/figures'
import { isLongRun } from '../support/how-many'
import { useOwnBroker } from '../support/own-broker'
import { startService } from '../support/service'

const broker = useOwnBroker()
const child = join(__dirname, 'handlers-child.ts')

/** A producer, and a consumer whose greetings have this time limit, misbehave on request, and whose ledger always fails. */
async function misbehaving(namespace: string, timeLimitMs: number) {
  // What is done about many that fail in a row is another test's subject.
  const env = { BROKER_URL: broker.url, NAMESPACE: namespace, BREAKER_FAILURES: '0' }
  const instead = [child, String(timeLimitMs)] as const
  const [producer, consumer] = await Promise.all([
    startService('producer', env),
    startService('consumer', env, { instead }),
  ])
  const again = () => startService('consumer', { ...env, STORE_URL: consumer.storeUrl }, { instead })
  const store = await openStore({ url: consumer.storeUrl, migrations: [] })
  atEnd(() => store.close())
  const greet = async (text: string) =>
    String((await post(`${producer.url}/messages/hello`, text, { 'content-type': 'text/plain' })).body['id'])
  const greetings = async () => (await store.query('select greeting from greetings')).map(({ greeting }) => greeting)
  return { env, producer, consumer, again, greet, greetings, raw: await connectRaw(broker.url) }
}

test('one that is slow runs once and is acked when it is done, and keeps nobody waiting', async () => {
  const { consumer, greet, greetings } = await misbehaving('slow', 60_000)
  const id = await greet('slow')
  await eventually('it has begun', () => consumer.logs.some(({ msg }) => msg === 'begun'))
  const beside = Array.from({ length: 50 }, (_, at) => `beside ${at}`)
  await Promise.all(beside.map(greet))
  await eventually('the others are done', async () => (await greetings()).length === beside.length)
  expect(await greetings()).not.toContain('slow')
  await greet('go')
  await eventually('it is done', async () => (await greetings()).includes('slow'))
  const told = () => consumer.logs.filter(({ messageId }) => messageId === id)
  await eventually('its verdict', () => told().some(({ msg }) => msg === 'processed'))
  expect(told().map(({ msg, attempt }) => ({ msg, attempt }))).toEqual([
    { msg: 'begun', attempt: 1 },
    { msg: 'processed', attempt: 1 },
  ])
})

test('one that never returns is parked after its attempts, and counted; the others go on', async () => {
  const { consumer, greet, greetings, raw } = await misbehaving('never', 500)
  const id = await greet('never')
  await greet('beside')
  await eventually('the other one', async () => (await greetings()).includes('beside'))
  const letter = await eventually('the dead letter', () => raw.get('never.greetings.dead.v1'))
  expect(letter.properties).toMatchObject({
    messageId: id,
    headers: { 'handoff-reason': 'timeout', 'handoff-attempt': 2 },
  })
  const metrics = await (await fetch(`${consumer.url}/metrics`)).text()
  expect(metrics).toMatch(/^handoff_leaked_handlers\S* 2$/m)
  expect((await fetch(`${consumer.url}/readyz`)).status).toBe(200)
})

test('too many that never return end the process in order, and the next one goes on from there', async () => {
  const { consumer, again, greet, greetings, raw } = await misbehaving('leaking', 500)
  const beside = (when: string) => Array.from({ length: 20 }, (_, at) => `beside ${when} ${at}`)
  // Two attempts each: more than a process may carry.
  const never = await Promise.all(Array.from({ length: 40 }, () => greet('never')))
  await Promise.all(beside('before').map(greet))
  expect(await consumer.exited).toEqual({ code: 1, signal: null })
  const fatal = consumer.logs.filter(({ level }) => level === 'fatal')
  expect(fatal.map(({ msg }) => msg)).toEqual([expect.stringMatching(/^\d+ handlers still run/)])
  expect(consumer.logs.at(-1)).toMatchObject({ msg: 'stopped' })

  await Promise.all(beside('after').map(greet))
  const next = await again()
  const dead = 'leaking.greetings.dead.v1'
  await eventually('all are parked', async () => (await raw.countReady(dead)) >= never.length)
  await eventually('the others are done', async () => (await greetings()).length >= 40)
  expect((await greetings()).sort()).toEqual([...beside('before'), ...beside('after')].sort())
  const letters = await raw.getAll(dead)
  expect(letters.map(({ properties }) => String(properties.messageId)).sort()).toEqual([...never].sort())
  for (const { properties } of letters)
    expect(properties.headers).toMatchObject({ 'handoff-reason': 'timeout', 'handoff-attempt': 2 })
  const begun = [...consumer.logs, ...next.logs].filter(({ msg }) => msg === 'begun')
  const attempts = never.map((id) => begun.filter(({ messageId }) => messageId === id).map(({ attempt }) => attempt))
  expect(attempts).toEqual(never.map(() => [1, 2]))
})

test('one that always fails runs as often as its schedule says, and the others go on', async () => {
  const { producer, consumer, greet, greetings, raw } = await misbehaving('failing', 30_000)
  const { body } = await post(`${producer.url}/messages/order.placed`, order('F-1'))
  await greet('beside')
  await eventually('the other one', async () => (await greetings()).includes('beside'))
  const letter = await eventually('the dead letter', () => raw.get('failing.ledger.dead.v1'))
  expect(letter.properties).toMatchObject({
    messageId: body['id'],
    headers: { 'handoff-reason': 'failed', 'handoff-attempt': 3 },
  })
  const runs = consumer.logs.filter(({ messageId, group }) => messageId === body['id'] && group === 'ledger')
  expect(runs.map(({ attempt }) => attempt)).toEqual([1, 2, 3])
})

test('replayed while it still fails, a letter has its attempts again and no more, and waits for a person again', async () => {
  const { env, consumer, greet, greetings, raw } = await misbehaving('replayed', 30_000)
  const [work, dead] = ['replayed.ledger.v1', 'replayed.ledger.dead.v1']
  await parkOrders(raw, { namespace: 'replayed', ids: ['r-1', 'r-2'] })
  await eventually('both are dead', async () => (await raw.countReady(dead)) === 2)
  expect(await handoff(['dead', 'replay', 'ledger', '--all', '--yes'], { env })).toMatchObject({ code: 0 })
  await eventually('both are dead again', async () => (await raw.countReady(dead)) === 2)
  // Nothing of them is anywhere else, nor under way: what comes behind them is done, and they have not run again.
  const tiers = ['500ms', '5s', '30s', '5m'].map((delay) => `replayed.ledger.retry.${delay}.v1`)
  await broker.management.eventuallyDrained([work, ...tiers], { withinMs: 60_000 })
  await greet('beside')
  await eventually('the other one', async () => (await greetings()).includes('beside'))
  const letters = await raw.getAll(dead)
  expect(letters.map(({ properties }) => String(properties.messageId)).sort()).toEqual(['r-1', 'r-2'])
  for (const { properties } of letters) {
    const runs = consumer.logs.filter(({ messageId }) => messageId === properties.messageId)
    expect(runs.map(({ attempt }) => attempt)).toEqual([1, 2, 3])
    expect(properties.headers).toMatchObject({
      'handoff-reason': 'failed',
      'handoff-error': 'Error: this handler always fails',
      'handoff-attempt': 3,
      'handoff-replays': 1,
      'handoff-first-seen': '2025-12-31T23:00:00.000Z',
      'handoff-route': 'replayed.events.v1/order.placed',
    })
  }
})

test('one that holds the event loop loses its connection, not its message nor the process', async () => {
  // The broker gives a connection up after two heartbeats without a sign: ten seconds each, unless it wants fewer.
  if (!isLongRun) await broker.ctl('eval', 'application:set_env(rabbit, heartbeat, 2).')
  const { env, consumer, greet, greetings } = await misbehaving('busy', 60_000)
  const free = join(await mkdtemp(join(tmpdir(), 'handoff-busy-')), 'free')
  atEnd(() => rm(dirname(free), { recursive: true, force: true }))
  const id = await greet(`busy ${free}`)
  await eventually('it has begun', () => consumer.logs.some(({ msg }) => msg === 'begun'))
  const begunAt = performance.now()
  const other = await startService('consumer', { ...env, STORE_URL: consumer.storeUrl })
  const withinMs = 60_000
  const done = () => other.logs.some(({ msg, messageId }) => msg === 'processed' && messageId === id)
  await eventually('the other consumer does it', done, { withinMs })
  figure('a stalled consumer, its message done by another', performance.now() - begunAt, 'ms')
  expect(consumer.logs.at(-1)).toMatchObject({ msg: 'begun' })
  await writeFile(free, '')
  const back = () => consumer.logs.some(({ msg }) => msg === 'back in use after a loss')
  await eventually('the first one is back', back, { withinMs })
  await eventually('it is ready', async () => (await fetch(`${consumer.url}/readyz`)).status === 200)
  expect((await fetch(`${consumer.url}/livez`)).status).toBe(200)
  const metrics = async () => (await fetch(`${consumer.url}/metrics`)).text()
  const stale = /^handoff_stale_settles_total\{group="greetings"[^}]*\} 1$/m
  await eventually('its late ack is counted', async () => stale.test(await metrics()))
  expect(await greetings()).toEqual([`busy ${free}`])
})
