/** Dead letters that are sent again with other data, by the command line. */
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { figure } from '../support/figures'
import { howMany } from '../support/how-many'
import { pressed } from '../support/pressed'
import { startService } from '../support/service'
import { idsOf, parkOrders } from './dead-letter-fixtures'
import { handoff, jsonLines, startHandoff } from './handoff'
import { killedRuns } from './killed-runs'
import { order, startPair } from './pair'

const broker = useBroker()
const unfit = Buffer.from('{"orderId":"E-1","customerEmail":"ada@example.com","amountCents":0}')
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/

async function lettersOf(namespace: string, settings: Readonly<Record<string, string>> = {}) {
  const raw = await connectRaw(broker.url)
  const env = { BROKER_URL: broker.url, NAMESPACE: namespace, ...settings }
  return {
    raw,
    env,
    run: (...args: string[]) => handoff(args, { env }),
    dead: (...args: string[]) => handoff(['dead', ...args], { env }),
    ready: () => raw.countReady(`${namespace}.ledger.dead.v1`),
    waiting: () => raw.countReady(`${namespace}.ledger.v1`),
  }
}

/** A namespace whose queues are declared, and nobody who consumes. */
async function declared(namespace: string) {
  await startService('producer', { BROKER_URL: broker.url, NAMESPACE: namespace })
  return lettersOf(namespace)
}

async function pairOf(namespace: string) {
  const pair = await startPair(broker.url, { NAMESPACE: namespace })
  const letters = await lettersOf(namespace, { PRODUCER_PORT: new URL(pair.producer.url).port })
  return {
    ...pair,
    ...letters,
    entries: () => pair.rows('select message_id, order_id, amount_cents from ledger_entries'),
  }
}

test('an edit sends a new message that follows from the letter, and the letter is gone; journal and audit tell it', async () => {
  const { raw, run, dead, ready, entries, rows } = await pairOf('edited')
  const headers = { cloudEvents_correlationid: 'whole-1' }
  await parkOrders(raw, { namespace: 'edited', ids: ['bad'], body: unfit, headers })
  const { code, stdout, stderr } = await dead('edit', 'ledger', 'bad', '--set', '/amountCents=42', '--why', 'a typo')
  expect(stdout).toMatch(
    /^edit {2}bad {2}order\.placed {2}failed {2}sent as \S+\nedited 1 dead letter of group ledger\n$/,
  )
  expect(code).toBe(0)
  const id = uuid.exec(stdout)?.[0] ?? ''
  await eventually('the effect', async () => (await entries()).length > 0)
  expect(await entries()).toEqual([{ message_id: id, order_id: 'E-1', amount_cents: 42 }])
  expect(await ready()).toBe(0)
  expect(jsonLines(stderr)).toMatchObject([
    { msg: 'audit: dead edit', step: 'begin', moved: 0, why: 'a typo', selection: { by: 'ids', ids: ['bad'] } },
    { msg: 'audit: dead edit', step: 'end', moved: 1 },
  ])
  const old = await eventually('the old one has a child', async () => {
    const [status] = jsonLines((await run('status', 'bad', '--json')).stdout)
    return (status?.['children'] as unknown[] | undefined)?.length === 1 ? status : undefined
  })
  expect(old).toMatchObject({ state: 'discarded', children: [{ id, source: '/edited/dead-letters' }] })
  expect(JSON.stringify(old)).toContain(`edited, and sent as ${id}: a typo`)
  const [fresh] = await eventually('the new one is processed', async () => {
    const found = jsonLines((await run('status', id, '--json')).stdout)
    return found[0]?.['state'] === 'processed' ? found : undefined
  })
  expect(fresh).toMatchObject({
    causationId: 'bad',
    correlationId: 'whole-1',
    groups: [{ name: 'ledger', state: 'processed', attempt: 1, replays: 0 }],
  })
  const timeline = fresh?.['timeline'] as readonly Readonly<Record<string, unknown>>[]
  expect(timeline.map(({ step }) => step)).toEqual(['published', 'routed', 'delivered', 'processed'])
  // To this group alone.
  expect(await rows('select message_id from mails')).toEqual([])
})

test('what the schema refuses is told with its pointers, and of several letters none is touched', async () => {
  const { raw, dead, ready, waiting } = await declared('refused')
  await parkOrders(raw, { namespace: 'refused', ids: ['fine'] })
  await parkOrders(raw, { namespace: 'refused', ids: ['bad'], body: unfit })
  expect(await dead('edit', 'ledger', 'fine', 'bad', '--yes', '--set', '/currency="EUR"')).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'handoff: dead letter bad stays as it is: the edited data is no "order.placed": /amountCents must be >= 1\n',
  })
  expect(await dead('edit', 'ledger', 'fine', 'bad', '--set', '/amountCents=1')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('nobody can answer "Edit 2 dead letters of group ledger?"') as string,
  })
  expect(await dead('edit', 'ledger', 'fine', 'nonsense', '--set', '/amountCents=1')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no dead letter "nonsense"') as string,
  })
  for (const [args, why] of [
    [['fine'], 'say what is to be otherwise'],
    [['fine', '--data', '-', '--set', '/amountCents=1'], 'say what is to be otherwise'],
    [['fine', 'bad', '--data', '-'], '--data is the data of one letter'],
    [['fine', '--set', '/amountCents=one'], 'Use POINTER=VALUE with a VALUE in JSON'],
    [['--set', '/amountCents=1'], 'no dead letter is selected'],
  ] as const)
    expect(await dead('edit', 'ledger', ...args)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(why) as string,
    })
  await eventually('both are there', async () => (await ready()) === 2)
  expect(await waiting()).toBe(0)
})

test('all of the data comes from standard input, to the byte', async () => {
  const { raw, env, waiting } = await declared('whole')
  await parkOrders(raw, { namespace: 'whole', ids: ['broken'], body: Buffer.from('{') })
  const stdin = '{ "orderId":"E-2",\n"customerEmail":"ada@example.com", "amountCents":42e2 }'
  const { code, stdout } = await handoff(['dead', 'edit', 'ledger', 'broken', '--data', '-', '--json'], { env, stdin })
  expect(code).toBe(0)
  expect(jsonLines(stdout)).toEqual([
    expect.objectContaining({ id: 'broken', body: '{', sentAs: expect.stringMatching(uuid) as string }),
  ])
  await eventually('it waits', async () => (await waiting()) === 1)
  const message = await raw.get('whole.ledger.v1')
  expect(message?.content.toString()).toBe(stdin)
  const headers = Object.keys(message?.properties.headers ?? {})
  // But for the broker's own count, there is no history.
  expect(headers.filter((name) => /^(handoff-|x-(?!delivery-count$))/.test(name))).toEqual([])
})

test('the same edit again, as after a kill between publish and ack, has no second effect', async () => {
  const { raw, dead, entries, consumer } = await pairOf('again')
  const edit = () => dead('edit', 'ledger', 'a', '--set', '/amountCents=7')
  await parkOrders(raw, { namespace: 'again', ids: ['a'] })
  const id = uuid.exec((await edit()).stdout)?.[0]
  await eventually('the effect', async () => (await entries()).length === 1)
  // What such a kill leaves.
  await parkOrders(raw, { namespace: 'again', ids: ['a'] })
  expect((await edit()).stdout).toContain(`sent as ${id}`)
  const verdicts = () => consumer.logs.filter(({ messageId, group }) => messageId === id && group === 'ledger')
  await eventually('the second is known', () => verdicts().length === 2)
  expect(await entries()).toEqual([{ message_id: id, order_id: 'a', amount_cents: 7 }])
})

test('an edit that is killed again and again loses nothing, and each effect happens once', async () => {
  const { raw, env, dead, entries, ready } = await pairOf('killed')
  const edit = ['edit', 'ledger', '--all', '--yes', '--set', '/amountCents=7']
  const ids: string[] = []
  const kills = await pressed(async (time) => {
    const lot = idsOf(howMany({ sampled: 40, long: 1_000 }), `killed-${time}`)
    ids.push(...lot)
    await parkOrders(raw, { namespace: 'killed', ids: lot })
    const killed = await killedRuns(() => startHandoff(['dead', ...edit], { env }))
    return killed > 0 ? killed : undefined
  })
  expect(kills).toBeGreaterThan(0)
  figure('edits killed', kills, 'runs')
  const rest = async () => {
    await dead(...edit)
    return (await entries()).length >= ids.length && (await ready()) === 0
  }
  await eventually('all effects', rest, { withinMs: 60_000 })
  await broker.management.eventuallyDrained(['killed.ledger.v1', 'killed.ledger.dead.v1'], { withinMs: 60_000 })
  const done = await entries()
  expect(done.map((entry) => entry['order_id']).sort()).toEqual([...ids].sort())
  expect(done.map((entry) => entry['amount_cents'])).toEqual(ids.map(() => 7))
})

test('a work queue that takes no message leaves the letter where it is, and says so', async () => {
  const { raw, dead, ready } = await declared('full')
  await raw.channel.unbindQueue('full.ledger.v1', 'full.requeue.v1', 'full.ledger.v1')
  await parkOrders(raw, { namespace: 'full', ids: ['a'] })
  expect(await dead('edit', 'ledger', 'a', '--set', '/amountCents=7')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /dead letter a was not sent as \S+ and stays: full\.ledger\.v1 did not take it/,
    ) as string,
  })
  const letter = await eventually('it is there', () => raw.look('full.ledger.dead.v1'))
  expect(JSON.parse(letter.content.toString())).toEqual(order('a'))
  await eventually('it is there', async () => (await ready()) === 1)
})
