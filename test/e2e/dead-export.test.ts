/** Dead letters that are written into a file and put back, by the command line. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { howMany } from '../support/how-many'
import { pressed } from '../support/pressed'
import { startService } from '../support/service'
import { idsOf, parkOrders } from './dead-letter-fixtures'
import { handoff, jsonLines, startHandoff } from './handoff'
import { order, startPair } from './pair'

const broker = useBroker()

/** A namespace whose queues are declared, and nobody who consumes. */
async function declared(namespace: string) {
  await startService('producer', { BROKER_URL: broker.url, NAMESPACE: namespace })
  const raw = await connectRaw(broker.url)
  const env = { BROKER_URL: broker.url, NAMESPACE: namespace }
  const folder = await mkdtemp(join(tmpdir(), 'handoff-export-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const queue = `${namespace}.ledger.dead.v1`
  const ready = (count: number) => eventually(`${count} are there`, async () => (await raw.countReady(queue)) === count)
  const dead = (...args: string[]) => handoff(['dead', ...args], { env })
  return {
    raw,
    env,
    file: join(folder, 'letters.ndjson'),
    queue,
    ready,
    dead,
    /** The lines of an export of so many letters. */
    exported: async (count: number) => {
      await ready(count)
      return jsonLines((await dead('export', 'ledger')).stdout)
    },
    /** What lies there now is gone. */
    empty: async (count: number) => {
      await ready(count)
      await raw.getAll(queue)
    },
  }
}

const strange = {
  'x-text': 'ü\u2028\u001b',
  'x-none': null,
  'x-true': true,
  'x-short': { '!': 'int16', value: 5 },
  'x-long': { '!': 'int64', value: '9007199254740993' },
  'x-float': { '!': 'float', value: 1 },
  'x-double': { '!': 'double', value: 1 },
  'x-when': { '!': 'timestamp', value: 1_700_000_000 },
  'x-decimal': { '!': 'decimal', value: { places: 2, digits: 199 } },
  'x-bytes': Buffer.from([0, 255, 10]),
  'x-list': [1, 'two', [{ deep: { '!': 'double', value: 3 } }]],
}

/** A line without what the broker lets nobody say but us. */
function withoutUser({ properties, ...line }: Readonly<Record<string, unknown>>) {
  const { userId: _, ...others } = properties as Record<string, unknown>
  return { ...line, properties: others }
}

test('letters come back as they were: body, properties, each header with its type, and their order', async () => {
  const { raw, dead, file, queue, exported, empty, ready } = await declared('exact')
  const properties = { appId: 'shop', timestamp: 1_700_000_000, contentEncoding: 'utf-8', priority: 7, replyTo: 'q' }
  await parkOrders(raw, {
    namespace: 'exact',
    ids: ['a'],
    headers: strange,
    properties,
    body: Buffer.from([0, 255, 10]),
  })
  await parkOrders(raw, { namespace: 'exact', ids: ['b', 'c'] })
  await raw.publishRaw('', queue, Buffer.alloc(0), { appId: 'shop' })
  const before = await exported(4)
  expect(before[0]).toMatchObject({
    version: 1,
    group: 'ledger',
    id: 'a',
    reason: 'failed',
    route: 'exact.events.v1/order.placed',
    bodyBase64: 'AP8K',
    headers: { 'x-long': { '!': 'int64', value: '9007199254740993' }, 'x-double': { '!': 'double', value: 1 } },
  })
  // Looking has changed nothing.
  expect(await exported(4)).toEqual(before)
  await ready(4)
  const written = await dead('export', 'ledger', '--output', file, '--why', 'for the auditors')
  expect(written).toMatchObject({
    code: 0,
    stdout: `exported 4 dead letters of group ledger, of 4, into ${file}\n`,
  })
  const facts = { msg: 'audit: dead export', namespace: 'exact', group: 'ledger', selection: { by: 'all' } }
  expect(jsonLines(written.stderr)).toMatchObject([
    { ...facts, step: 'begin', exported: 0, why: 'for the auditors', user: expect.stringMatching(/./) as string },
    { ...facts, step: 'end', exported: 4 },
  ])
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  await empty(4)
  const { code, stdout, stderr } = await dead('import', file, '--why', 'a drill')
  expect({ code, lines: stdout.split('\n') }).toEqual({
    code: 0,
    lines: [
      'imported  a  order.placed  failed',
      'imported  b  order.placed  failed',
      'imported  c  order.placed  failed',
      'imported  -  -  -',
      'imported 4 dead letters',
      '',
    ],
  })
  expect(jsonLines(stderr)).toMatchObject([
    { msg: 'audit: dead import', step: 'begin', group: 'ledger', selected: 4, moved: 0, why: 'a drill' },
    { msg: 'audit: dead import', step: 'end', selected: 4, moved: 4 },
  ])
  const after = await exported(4)
  expect(after.map(withoutUser)).toEqual(before.map(withoutUser))
  expect(JSON.stringify(after.map(({ properties: of }) => of))).toContain('"userId":"guest"')
})

test('what the broker itself parked is known by the same reason, time, route, type and source', async () => {
  const { raw, dead, file, queue, exported, empty } = await declared('parked')
  const work = 'parked.ledger.v1'
  // A bare message: its type is its routing key, and its source the user who sent it.
  await raw.publishRaw('parked.events.v1', 'order.placed', Buffer.from('{}'), { messageId: 'm', userId: 'guest' })
  raw.channel.reject(await eventually('the message', () => raw.channel.get(work)), false)
  const [parked] = await exported(1)
  expect(parked).toMatchObject({ id: 'm', type: 'order.placed', reason: 'rejected', source: '/amqp/guest' })
  // As another user than the one who imports it would have sent it.
  const before = {
    ...parked,
    source: '/amqp/till',
    properties: { ...(parked?.['properties'] as object), userId: 'till' },
  }
  await writeFile(file, `${JSON.stringify(before)}\n`)
  await empty(1)
  expect((await dead('import', file)).code).toBe(0)
  const [after] = await exported(1)
  const facts = ['id', 'source', 'type', 'reason', 'deadAt', 'route', 'bodyBase64']
  const factsOf = (line: typeof parked) => facts.map((name) => [name, line?.[name]])
  expect(factsOf(after)).toEqual(factsOf(before))
  expect(await raw.countReady(queue)).toBe(1)
})

test('a letter with further addresses goes among the dead letters alone', async () => {
  const { raw, dead, file, ready, empty } = await declared('addressed')
  await parkOrders(raw, { namespace: 'addressed', ids: ['a'] })
  await ready(1)
  expect((await dead('export', 'ledger', '--output', file)).code).toBe(0)
  await empty(1)
  const [line] = jsonLines(await readFile(file, 'utf8'))
  const headers = { ...(line?.['headers'] as object), CC: ['addressed.mail.v1'], BCC: ['addressed.mail.v1'] }
  const properties = { ...(line?.['properties'] as object), expiration: '1' }
  await writeFile(file, JSON.stringify({ ...line, headers, properties }))
  expect((await dead('import', file)).code).toBe(0)
  await ready(1)
  expect(await raw.countReady('addressed.mail.v1')).toBe(0)
  const letter = await eventually('the letter', () => raw.look('addressed.ledger.dead.v1'))
  expect(letter.properties.expiration).toBeUndefined()
})

test('a selection is exported; an id that is not there leaves no file, and a file that is there stays', async () => {
  const { raw, dead, file } = await declared('chosen')
  await parkOrders(raw, { namespace: 'chosen', ids: ['a', 'b'] })
  const { stdout, stderr } = await dead('export', 'ledger', '--where', '/orderId=b')
  expect(jsonLines(stdout)).toMatchObject([{ id: 'b' }])
  expect(stderr).toContain('\nexported 1 dead letter of group ledger, of 2\n')
  expect(await dead('export', 'ledger', 'a', 'nonsense', '--output', file)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no dead letter "nonsense"') as string,
  })
  await expect(stat(file)).rejects.toThrow('ENOENT')
  await writeFile(file, 'mine')
  expect(await dead('export', 'ledger', '--output', file)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('name a file that is not there yet') as string,
  })
  expect(await readFile(file, 'utf8')).toBe('mine')
})

test('one bad line, and nothing is imported', async () => {
  const { raw, dead, file, ready, exported } = await declared('refused')
  await parkOrders(raw, { namespace: 'refused', ids: ['a'] })
  const [line] = await exported(1)
  const far = { ...line, headers: { 'x-far': { '!': 'int8', value: 300 } } }
  const lines = [line, { ...line, group: 'nobody' }, far].map((each) => JSON.stringify(each))
  await writeFile(file, [...lines, 'not JSON', ''].join('\n'))
  const { code, stdout, stderr } = await dead('import', file, '--force')
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr.trimEnd().split('\n')).toEqual([
    'handoff: nothing was imported, since 3 of 4 lines cannot be',
    'line 2: there is no group "nobody"; the groups are ledger, mail, payments, webhooks, greetings',
    'line 3: header "x-far": 300 is beyond int8',
    'line 4: it is not JSON',
  ])
  expect(await dead('import', `${file}.absent`)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('cannot be read: ENOENT') as string,
  })
  await ready(1)
})

test('what is there already is skipped, unless it is asked for; --group puts all into another', async () => {
  const { raw, dead, file, ready, empty } = await declared('there')
  await parkOrders(raw, { namespace: 'there', ids: ['a', 'b'] })
  await ready(2)
  expect((await dead('export', 'ledger', '--output', file)).code).toBe(0)
  await empty(2)
  await parkOrders(raw, { namespace: 'there', ids: ['a'] })
  // It died once more since: another death.
  await parkOrders(raw, { namespace: 'there', ids: ['b'], headers: { 'handoff-replays': 1 } })
  await ready(2)
  expect((await dead('import', file)).stdout.split('\n').slice(0, 3)).toEqual([
    'skipped  a  order.placed  failed',
    'imported  b  order.placed  failed',
    'imported 1 dead letter; 1 of the file were there already',
  ])
  await ready(3)
  expect((await dead('import', file, '--force')).stdout).toContain('imported 2 dead letters\n')
  await ready(5)
  expect((await dead('import', file, '--group', 'mail')).stdout).toContain('imported 2 dead letters\n')
  expect(await raw.countReady('there.mail.dead.v1')).toBe(2)
})

test('another group is handed letters: exported, imported there and replayed, they go to it alone', async () => {
  const { raw, dead, file, ready } = await declared('handed')
  await parkOrders(raw, { namespace: 'handed', ids: ['a', 'b'] })
  await ready(2)
  expect((await dead('export', 'ledger', '--output', file)).code).toBe(0)
  expect((await dead('import', file, '--group', 'mail', '--why', 'the ledger is given up')).code).toBe(0)
  expect((await dead('replay', 'mail', '--all', '--yes')).stdout).toContain('replayed 2 dead letters of group mail\n')
  const handed = await raw.getAll('handed.mail.v1')
  expect(handed.map(({ properties }) => String(properties.messageId))).toEqual(['a', 'b'])
  expect(await raw.countReady('handed.ledger.v1')).toBe(0)
  // They lie there until somebody discards them.
  await ready(2)
})

test.each(['SIGINT', 'SIGKILL'] as const)(
  'an import that %s ends goes on where it was, and all are in once',
  async (signal) => {
    const namespace = `ended-${signal.toLowerCase()}`
    const { raw, dead, env, file, queue, ready, empty } = await declared(namespace)
    const ids = idsOf(howMany({ sampled: 1_000, long: 5_000 }), 'ended')
    await parkOrders(raw, { namespace, ids })
    await ready(ids.length)
    expect((await dead('export', 'ledger', '--output', file)).code).toBe(0)
    const isIn = async () => (await raw.channel.checkQueue(queue)).messageCount
    const { code, stderr } = await pressed(async () => {
      await empty(ids.length)
      const run = startHandoff(['dead', 'import', file], { env })
      await eventually('some are in', () => run.stdout().includes('\n'))
      run.kill(signal)
      const ended = await run.ended
      return ended.code === 0 || (await isIn()) === ids.length ? undefined : ended
    })
    expect(code).toBe(signal === 'SIGINT' ? 1 : null)
    if (signal === 'SIGINT')
      expect(stderr).toMatch(
        /\d+ dead letters are in and 0 were there, all before line \d+; that line is not: it was interrupted\. To go on, repeat the command/,
      )
    expect(await isIn()).toBeGreaterThan(0)
    expect(await isIn()).toBeLessThan(ids.length)
    expect((await dead('import', file)).code).toBe(0)
    await ready(ids.length)
    expect((await raw.getAll(queue)).map(({ properties }) => String(properties.messageId))).toEqual(ids)
  },
)

test('a letter that cannot be put says how far the import came', async () => {
  const { raw, dead, file, ready, empty } = await declared('unbound')
  await parkOrders(raw, { namespace: 'unbound', ids: ['a'] })
  await ready(1)
  expect((await dead('export', 'ledger', '--output', file)).code).toBe(0)
  await empty(1)
  await raw.channel.unbindQueue('unbound.ledger.dead.v1', 'unbound.requeue.v1', 'unbound.ledger.dead.v1')
  expect(await dead('import', file)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /0 dead letters are in and 0 were there, all before line 1; that line is not: no queue is bound for it/,
    ) as string,
  })
})

test('what is imported and replayed has its effect once, though it is there twice', async () => {
  const { rows } = await startPair(broker.url, { NAMESPACE: 'replayed' })
  const { raw, dead, file, ready, empty } = await declared('replayed')
  await parkOrders(raw, { namespace: 'replayed', ids: ['a'] })
  await ready(1)
  expect((await dead('export', 'ledger', '--output', file)).code).toBe(0)
  await empty(1)
  await dead('import', file)
  await dead('import', file, '--force')
  await ready(2)
  expect((await dead('replay', 'ledger', '--all', '--yes')).code).toBe(0)
  await eventually('the effect', async () => (await rows('select 1 from ledger_entries')).length > 0)
  await broker.management.eventuallyDrained(['replayed.ledger.v1'], { withinMs: 60_000 })
  expect(await rows('select message_id, order_id from ledger_entries')).toEqual([
    { message_id: 'a', order_id: order('a').orderId },
  ])
})
