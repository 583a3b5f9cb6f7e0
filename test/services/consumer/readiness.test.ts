import { attachGroups } from '../../../services/consumer/attach-groups'
import { consumerChecks, type Watched } from '../../../services/consumer/checks'
import { countingOf } from '../../../services/consumer/count-outbox'
import { missingHandlers } from '../../../services/consumer/handler-gaps'
import { handlers } from '../../../services/consumer/handlers/all'
import { groups } from '../../../shared/messages/groups'
import { MemoryTransport } from '../../../shared/messaging/memory/memory-transport'
import type { TransportStatus } from '../../../shared/messaging/transport'
import { groupTopologies } from '../../../shared/operations/group-topology'
import type { CheckResult } from '../../../shared/runtime/probes'
import type { Store } from '../../../shared/store/store'

const topologies = groupTopologies(groups)
const store = (ping: () => Promise<void>) => ({ ping }) as Store
const answers = store(() => Promise.resolve())

async function resultsOf(watched: Watched): Promise<Record<string, CheckResult>> {
  const checks = Object.entries(consumerChecks(watched))
  return Object.fromEntries(await Promise.all(checks.map(async ([name, check]) => [name, await check()] as const)))
}

const sound = () => ({ status: 'ok', detail: 'none' }) as const

async function attached(known = handlers): Promise<Watched> {
  const transport = new MemoryTransport(topologies)
  const gaps = missingHandlers(groups, known)
  const limits = { prefetch: 1, concurrency: 1 }
  const onDelivery = () => Promise.resolve({ kind: 'ack', effect: 'applied' } as const)
  await attachGroups({ transport, topologies, groups, gaps, limits, onDelivery })
  return { gaps, wanted: groups.map(({ name }) => name), routes: sound, transport, store: answers, closing: false }
}

test('all is well when every group is attached and the store answers', async () => {
  const results = await resultsOf(await attached())
  expect(Object.values(results).map(({ status }) => status)).toEqual(Array(9).fill('ok'))
})

test('a missing handler is red and named; its group stays detached, the others are attached', async () => {
  const watched = await attached(handlers.filter(({ group }) => group !== 'mail'))
  const { handlers: check, groups: attachment } = await resultsOf(watched)
  expect(check).toEqual({
    status: 'failed',
    detail: expect.stringContaining('no handler for order.placed in group mail') as string,
  })
  expect(attachment).toEqual({ status: 'failed', detail: 'mail: not attached' })
  expect(watched.transport?.status().groups.map(({ name }) => name)).not.toContain('mail')
  expect(watched.transport?.status().groups).toHaveLength(groups.length - 1)
})

test.each([
  ['held up', 'degraded'],
  ['stopped', 'failed'],
] as const)('a group whose flow is %s is %s, with its reason', async (flow, status) => {
  const watched = await attached()
  const told = watched.transport?.status() as TransportStatus
  const groups = told.groups.map((group) =>
    group.name === 'mail' ? { ...group, flow, detail: '3 held, the dead queue is full' } : group,
  )
  watched.transport = { status: () => ({ ...told, groups }) } as unknown as MemoryTransport
  const results = await resultsOf(watched)
  expect(results['groups']).toEqual({ status, detail: 'mail: 3 held, the dead queue is full' })
})

test('while it starts, what is not there yet is red', async () => {
  const results = await resultsOf({ gaps: [], wanted: ['mail'], routes: sound, closing: false })
  expect(results).toMatchObject({
    broker: { status: 'failed' },
    groups: { status: 'failed' },
    store: { status: 'failed' },
  })
})

test('closing is red', async () => {
  expect(await resultsOf({ ...(await attached()), closing: true })).toMatchObject({ service: { status: 'failed' } })
})

test('a store that does not answer fails its check with its own words', async () => {
  const watched = { ...(await attached()), store: store(() => Promise.reject(new Error('the database is away'))) }
  await expect(consumerChecks(watched)['store']?.()).rejects.toThrow('the database is away')
})

test.each<[string, Partial<TransportStatus>, CheckResult['status'], string]>([
  ['a lost link', { links: [{ name: 'consume', state: 'down', detail: 'reset' }] }, 'failed', 'consume is down: reset'],
  [
    'a blocked publisher',
    { publishing: { ok: false, detail: 'blocked by the broker: memory' } },
    'failed',
    'blocked by the broker: memory',
  ],
  ['an object made again', { recreated: ['ns.mail.v1'] }, 'degraded', 'had to be made again: ns.mail.v1'],
])('%s is told', async (_, change, status, detail) => {
  const watched = await attached()
  const real = watched.transport?.status()
  watched.transport = { status: () => ({ ...real, ...change }) } as MemoryTransport
  expect((await resultsOf(watched))['broker']).toEqual({ status, detail })
})

const waiting = { waiting: 3, oldestSeconds: 5, oldestType: 'hello', refused: 0 }
test.each([
  [waiting, 'ok', 'holds 3 messages, the oldest, of type hello, for 5 s'],
  [{ ...waiting, oldestSeconds: 61 }, 'degraded', 'holds 3 messages, the oldest, of type hello, for 61 s'],
  [
    { waiting: 0, oldestSeconds: 0, oldestType: undefined, refused: 2 },
    'degraded',
    '2 rows are no message: see the column "refused"; it is empty',
  ],
] as const)('an outbox with %j is %s', async (counts, status, detail) => {
  const watched = await attached()
  watched.countOutbox = () => Promise.resolve(counts)
  expect((await resultsOf(watched))['outbox']).toEqual({ status, detail })
})

test('an outbox that cannot be counted makes nobody unready, and is counted once for all who ask', async () => {
  const watched = await attached()
  const counts = jest.fn(() => Promise.reject(new Error('too slow')))
  watched.countOutbox = countingOf({ counts })
  for (let asked = 0; asked < 3; asked++)
    expect((await resultsOf(watched))['outbox']).toEqual({ status: 'degraded', detail: 'too slow' })
  expect(counts).toHaveBeenCalledTimes(1)
})
