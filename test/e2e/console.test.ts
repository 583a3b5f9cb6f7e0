/** Who may call the console, and what becomes of its callers when it or its broker ends. */
import { createHash } from 'node:crypto'
import { connectRaw } from '../support/amqp-client'
import { textOf } from '../docs/documents'
import { useBroker } from '../support/broker'
import { runningBroker } from '../support/brokers/running-brokers'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { apiOf } from '../support/management'
import { startService } from '../support/service'
import { startPair } from './pair'
import { idsOf, parkOrders } from './dead-letter-fixtures'
import { auditsIn, callerOf, lastLine } from './console-fixtures'

const broker = useBroker()

test('with keys, who has none is refused, and the audit names the key; a replay has its effect once', async () => {
  const { rows } = await startPair(broker.url, { NAMESPACE: 'keyed' })
  const CONSOLE_API_KEYS = `ops:${createHash('sha256').update('k3y').digest('hex')}`
  const settings = { BROKER_URL: broker.url, NAMESPACE: 'keyed', CONSOLE_API_KEYS, LOG_LEVEL: 'error' }
  const console = await startService('console', settings)
  const { get, post } = callerOf(console.url)
  await parkOrders(await connectRaw(broker.url), { namespace: 'keyed', ids: ['a', 'b'] })
  expect((await get('/dead-letters/ledger')).json).toMatchObject({ status: 401, code: 'key-required' })
  const body = { selection: { all: true }, expected: 2 }
  expect((await post('/dead-letters/ledger/replay', body)).status).toBe(401)
  const headers = { authorization: 'Bearer k3y' }
  const replays = await Promise.all([1, 2].map(() => post('/dead-letters/ledger/replay', body, { headers })))
  expect(replays.filter(({ status }) => status === 200).length).toBeGreaterThan(0)
  const effects = async () =>
    (await rows('select message_id from ledger_entries')).map((row) => row['message_id']).sort()
  await eventually('both effects', async () => (await effects()).length >= 2)
  await broker.management.eventuallyDrained(['keyed.ledger.v1', 'keyed.ledger.dead.v1'], { withinMs: 60_000 })
  expect(await effects()).toEqual(['a', 'b'])
  expect(auditsIn(console.logs)[0]).toMatchObject({ user: 'ops', group: 'ledger', step: 'begin' })
  expect(JSON.stringify(console.logs)).not.toContain('k3y')
})

test('a user with the rights of secure-the-door.md and no others is enough', async () => {
  const namespace = 'handoff'
  await startService('producer', { BROKER_URL: broker.url, NAMESPACE: namespace })
  const api = apiOf(runningBroker().managementUrl)
  const name = `console-${broker.vhost}`
  await api('PUT', `users/${name}`, { password: 'secret', tags: '' })
  atEnd(() => api('DELETE', `users/${name}`))
  const [configure, write, read] = ['configure', 'write', 'read'].map(rightIn)
  await api('PUT', `permissions/${broker.vhost}/${name}`, { configure, write, read })
  const url = new URL(broker.url)
  url.username = name
  url.password = 'secret'
  const console = await startService('console', { BROKER_URL: url.href, NAMESPACE: namespace })
  const { get, post, put } = callerOf(console.url)
  await parkOrders(await connectRaw(broker.url), { namespace, ids: ['a', 'b', 'c'] })
  const { text } = await get('/dead-letters/ledger/export')
  const reason = 'a drill'
  const change = async (what: string, id: string) =>
    lastLine(await post(`/dead-letters/ledger/${what}`, { selection: { ids: [id] }, reason }))
  expect(await change('replay', 'a')).toMatchObject({ step: 'end', moved: 1 })
  expect(await change('discard', 'b')).toMatchObject({ step: 'end', moved: 1 })
  expect((await post('/dead-letters/ledger/c/edit', { set: { '/amountCents': 1 } })).status).toBe(200)
  expect(lastLine(await put('/dead-letters/ledger/import', text))).toMatchObject({ step: 'end', imported: 3 })
  expect(console.logs.filter(({ level }) => level !== 'info')).toEqual([])
})

/** What the document says of a right. */
function rightIn(right: string): string {
  const [, pattern = ''] =
    new RegExp(`\\| ${right} +\\| \`(.+?)\``).exec(textOf('docs/how-to/secure-the-door.md')) ?? []
  return pattern.replaceAll('\\|', '|')
}

test('told to stop, a console ends a replay between two letters, says so, and leaves with 0', async () => {
  const env = { BROKER_URL: broker.url, NAMESPACE: 'stopped' }
  const [console] = await Promise.all([startService('console', env), startService('producer', env)])
  const raw = await connectRaw(broker.url)
  await parkOrders(raw, { namespace: 'stopped', ids: idsOf(100, 'stopped') })
  const body = { selection: { all: true }, ratePerSecond: 5 }
  const replay = callerOf(console.url).post('/dead-letters/ledger/replay', body)
  await eventually('some are replayed', async () => (await raw.countReady('stopped.ledger.v1')) >= 5)
  console.kill()
  const last = lastLine(await replay)
  expect(last).toMatchObject({ step: 'stopped', selected: 100, detail: 'the console stops' })
  expect(await console.exited).toEqual({ code: 0, signal: null })
  const moved = Number(last?.['moved'])
  expect((await raw.getAll('stopped.ledger.v1')).length).toBe(moved)
  expect((await raw.getAll('stopped.ledger.dead.v1')).length).toBe(100 - moved)
})

test('a broker that is away is 503 at once, with the reason and without its password', async () => {
  const BROKER_URL = 'amqp://guest:s3cr3t-word@127.0.0.1:1'
  const console = await startService('console', { BROKER_URL }, { until: 'spawned' })
  const { get, post } = callerOf(console.url)
  await eventually('it listens', () => get('/livez').catch(() => undefined))
  const startedAt = performance.now()
  const answers = [
    await get('/dead-letters'),
    await get('/dead-letters/ledger'),
    await get('/dead-letters/ledger/export'),
    await post('/dead-letters/ledger/replay', { selection: { all: true } }),
  ]
  expect(performance.now() - startedAt).toBeLessThan(5_000)
  for (const { status, json, text } of answers) {
    expect({ status, code: json['code'] }).toEqual({ status: 503, code: 'dead-letters-away' })
    expect(json['reason']).toMatch(/cannot be reached at 127\.0\.0\.1:1/)
    expect(text).not.toContain('s3cr3t')
  }
  const { status, text } = await get('/readyz')
  expect({ status, told: /"broker":\{"ok":false,"detail":"the broker cannot be reached/.test(text) }).toEqual({
    status: 503,
    told: true,
  })
  expect(JSON.stringify(console.logs)).not.toContain('s3cr3t')
})
