/** Dead letters that are written into a file, and are the same when they are put back, by the command line. */
import { readFile, stat, writeFile } from 'node:fs/promises'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { parkOrders } from './dead-letter-fixtures'
import { jsonLines } from './handoff'
import { declaredWithFile } from './letters-file'

const broker = useBroker()
const declared = (namespace: string) => declaredWithFile(broker, namespace)

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
