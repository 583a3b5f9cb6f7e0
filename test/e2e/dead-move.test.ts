/** Replaying and discarding dead letters by the command line, with a running pair. */
import { PassThrough } from 'node:stream'
import { runProgram } from '../../cli/program'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { figure } from '../support/figures'
import { howMany } from '../support/how-many'
import { pressed } from '../support/pressed'
import { idsOf, parkOrders } from './dead-letter-fixtures'
import { handoff, jsonLines, startHandoff } from './handoff'
import { killedRuns } from './killed-runs'
import { startService } from '../support/service'
import { startPair } from './pair'

const broker = useBroker()

/** The dead letters of a namespace, as a client sees them, and the command that moves them. */
async function lettersOf(namespace: string) {
  const raw = await connectRaw(broker.url)
  const env = { BROKER_URL: broker.url, NAMESPACE: namespace }
  return {
    raw,
    env,
    dead: (...args: string[]) => handoff(['dead', ...args], { env }),
    ready: (group: string) => raw.countReady(`${namespace}.${group}.dead.v1`),
    waiting: (group: string) => raw.countReady(`${namespace}.${group}.v1`),
  }
}

/** A namespace whose queues are declared, and nobody who consumes. */
async function declared(namespace: string) {
  await startService('producer', { BROKER_URL: broker.url, NAMESPACE: namespace })
  return lettersOf(namespace)
}

async function pairOf(namespace: string) {
  const pair = await startPair(broker.url, { NAMESPACE: namespace })
  const effects = async (table: string) =>
    (await pair.rows(`select message_id from ${table}`)).map((row) => String(row['message_id'])).sort()
  return { ...pair, ...(await lettersOf(namespace)), effects }
}

/** Two captures of one payment: the second is a dead letter, and will be one again however often it is replayed. */
async function rejectedCaptures({ post, ready }: Awaited<ReturnType<typeof pairOf>>, count: number) {
  await post('payment.capture', { paymentId: 'P', amountCents: 1 })
  const again = idsOf(count, 'again').map((key) =>
    post('payment.capture', { paymentId: 'P', amountCents: 1 }, { 'idempotency-key': key }),
  )
  const ids = (await Promise.all(again)).map(({ body }) => String(body['id']))
  await eventually('the dead letters', async () => (await ready('payments')) >= count)
  return ids
}

test('a replay goes to the work queue of its group alone, and has its effect once; the audit says who and what', async () => {
  const { raw, dead, effects, ready } = await pairOf('healthy')
  await parkOrders(raw, { namespace: 'healthy', ids: ['a', 'b'] })
  const { code, stdout, stderr } = await dead('replay', 'ledger', 'b')
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: 'replay  b  order.placed  failed\nreplayed 1 dead letter of group ledger\n',
  })
  await eventually('the effect', async () => (await effects('ledger_entries')).length > 0)
  expect(await dead('replay', 'ledger', '--type', 'order.placed')).toMatchObject({ code: 0 })
  await eventually('both effects', async () => (await effects('ledger_entries')).length === 2)
  expect(await effects('ledger_entries')).toEqual(['a', 'b'])
  expect(await effects('mails')).toEqual([])
  expect(await ready('ledger')).toBe(0)
  const facts = { msg: 'audit: dead replay', namespace: 'healthy', group: 'ledger', selected: 1 }
  const user = expect.stringMatching(/./) as string
  expect(jsonLines(stderr)).toMatchObject([
    { ...facts, step: 'begin', moved: 0, user, selection: { by: 'ids', ids: ['b'] } },
    { ...facts, step: 'end', moved: 1, user },
  ])
})

test('a replay that fails again ends, comes back once as a dead letter, and says how often it was replayed', async () => {
  const pair = await pairOf('failing')
  const { dead, ready } = pair
  const ids = await rejectedCaptures(pair, 10)
  // Slow enough that the first have died again long before the last is replayed.
  expect(await dead('replay', 'payments', '--all', '--yes', '--rate', '10')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('replayed 10 dead letters of group payments') as string,
  })
  await eventually('all are dead again', async () => (await ready('payments')) === 10)
  expect(await dead('replay', 'payments', ids[0] ?? '')).toMatchObject({ code: 0 })
  await eventually('it is dead again', async () => (await ready('payments')) === 10)
  const letters = jsonLines((await dead('list', 'payments', '--json')).stdout)
  expect(letters.map(({ id }) => String(id)).sort()).toEqual([...ids].sort())
  expect(letters.map(({ attempts }) => attempts)).toEqual(letters.map(() => 1))
  expect(letters.filter(({ replays }) => replays === 2).map(({ id }) => id)).toEqual([ids[0]])
  expect(letters.filter(({ replays }) => replays === 1)).toHaveLength(9)
})

test('what somebody else holds when it is to be moved stays, and the command says so and fails', async () => {
  const { raw, env, ready } = await declared('held')
  await parkOrders(raw, { namespace: 'held', ids: ['a', 'b'] })
  const said: string[] = []
  const stdin = new PassThrough()
  const err = (line: string) => void said.push(line)
  const interruption = () => new AbortController().signal
  const taken = () => Promise.resolve()
  const surroundings = { environment: env, out: err, taken, err, stdin, isTerminal: true, interruption }
  const running = runProgram(['dead', 'discard', 'ledger', '--all', '--why', 'w'], surroundings)
  await eventually('it asks', () => said.some((line) => line.endsWith('[y/N]')))
  const held = await eventually('another one holds a letter', () => raw.channel.get('held.ledger.dead.v1'))
  stdin.end('y\n')
  expect(await running).toBe(1)
  expect(said).toContain('discarded 1 dead letter of group ledger, of 2')
  expect(said.at(-1)).toMatch(/^handoff: 1 dead letter could not be met again: .*npx handoff dead list ledger$/)
  raw.channel.reject(held, true)
  await eventually('it is back', async () => (await ready('ledger')) === 1)
})

test('the rate is kept', async () => {
  const { raw, dead, effects } = await pairOf('paced')
  await parkOrders(raw, { namespace: 'paced', ids: idsOf(11, 'paced') })
  const startedAt = performance.now()
  await dead('replay', 'ledger', '--all', '--yes', '--rate', '5')
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(2_000)
  await eventually('all effects', async () => (await effects('ledger_entries')).length === 11)
})

test('a replay that is killed again and again loses nothing, and each effect happens once', async () => {
  const { raw, env, dead, effects, ready } = await pairOf('killed')
  const ids: string[] = []
  const kills = await pressed(async (time) => {
    const lot = idsOf(howMany({ sampled: 40, long: 1_000 }), `killed-${time}`)
    ids.push(...lot)
    await parkOrders(raw, { namespace: 'killed', ids: lot })
    const killed = await killedRuns(() => startHandoff(['dead', 'replay', 'ledger', '--all', '--yes'], { env }))
    return killed > 0 ? killed : undefined
  })
  expect(kills).toBeGreaterThan(0)
  figure('replays killed', kills, 'runs')
  const rest = async () => {
    await dead('replay', 'ledger', '--all', '--yes')
    return (await effects('ledger_entries')).length >= ids.length && (await ready('ledger')) === 0
  }
  await eventually('all effects', rest, { withinMs: 60_000 })
  await broker.management.eventuallyDrained(['killed.ledger.v1', 'killed.ledger.dead.v1'], { withinMs: 60_000 })
  expect(await effects('ledger_entries')).toEqual([...ids].sort())
})

test('a letter and its copy, as a kill between publish and ack leaves them, are one effect', async () => {
  const { raw, dead, effects, ready } = await pairOf('twice')
  await parkOrders(raw, { namespace: 'twice', ids: ['t'] })
  // What the second of two runs finds when the first was killed in between.
  await parkOrders(raw, { namespace: 'twice', ids: ['t'] })
  await dead('replay', 'ledger', 't', '--yes')
  await eventually(
    'the effect',
    async () => (await effects('ledger_entries')).length > 0 && (await ready('ledger')) === 0,
  )
  await broker.management.eventuallyDrained(['twice.ledger.v1'], { withinMs: 60_000 })
  expect(await effects('ledger_entries')).toEqual(['t'])
})

test('a replay of what was processed before changes nothing, and is told as a duplicate', async () => {
  const { post, raw, dead, rows, ready, consumer } = await pairOf('processed')
  const { body } = await post('order.placed', { orderId: 'P-1', customerEmail: 'ada@example.com', amountCents: 1 })
  const id = String(body['id'])
  const verdicts = () => consumer.logs.filter(({ messageId, group }) => messageId === id && group === 'ledger')
  await eventually('the effect', () => verdicts().length === 1)
  const before = await rows('select * from ledger_entries')
  expect(before).toMatchObject([{ message_id: id, order_id: 'P-1' }])
  await parkOrders(raw, { namespace: 'processed', ids: [id], headers: { cloudEvents_source: '/processed/producer' } })
  expect(await dead('replay', 'ledger', id)).toMatchObject({ code: 0 })
  await eventually('its verdict', () => verdicts().length === 2)
  expect(verdicts().at(-1)).toMatchObject({ msg: 'processed before, nothing done' })
  expect(await rows('select * from ledger_entries')).toEqual(before)
  expect(await ready('ledger')).toBe(0)
})

test('nobody replays or discards more than one without having been asked, nor part of a list with a wrong id', async () => {
  const { raw, dead, ready } = await declared('asked')
  await parkOrders(raw, { namespace: 'asked', ids: ['a', 'b'] })
  expect(await dead('replay', 'ledger', '--all')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('nobody can answer "Replay 2 dead letters of group ledger?"') as string,
  })
  expect(await dead('discard', 'ledger', '--all', '--why', 'w')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('nobody can answer "Discard for good 2 dead letters of group ledger?"') as string,
  })
  expect(await dead('discard', 'ledger', 'a', 'nonsense', '--yes', '--why', 'w')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no dead letter "nonsense"') as string,
  })
  expect(await dead('discard', 'ledger', '--all', 'a', '--why', 'w')).toMatchObject({ code: 2 })
  expect(await ready('ledger')).toBe(2)
})

test('what is discarded is printed whole before it is gone', async () => {
  const { raw, dead, ready, waiting } = await declared('discarded')
  await parkOrders(raw, { namespace: 'discarded', ids: ['a', 'b', 'c'] })
  const { code, stdout, stderr } = await dead('discard', 'ledger', 'a', 'c', '--yes', '--why', 'sent twice', '--json')
  expect(jsonLines(stdout)).toMatchObject(
    ['a', 'c'].map((id) => ({ id, body: expect.stringContaining(`"${id}"`) as string })),
  )
  expect(stderr).toContain('"msg":"audit: dead discard"')
  expect(stderr).toContain('"why":"sent twice"')
  expect({ code, left: await ready('ledger'), waiting: await waiting('ledger') }).toEqual({
    code: 0,
    left: 1,
    waiting: 0,
  })
})

test('a work queue that takes no copy leaves the letter where it is, and says so', async () => {
  const { raw, dead, ready } = await declared('full')
  await raw.channel.unbindQueue('full.ledger.v1', 'full.requeue.v1', 'full.ledger.v1')
  await parkOrders(raw, { namespace: 'full', ids: ['a'] })
  expect(await dead('replay', 'ledger', 'a')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /dead letter a was not replayed and stays: full\.ledger\.v1 did not take it/,
    ) as string,
  })
  expect(await ready('ledger')).toBe(1)
})
