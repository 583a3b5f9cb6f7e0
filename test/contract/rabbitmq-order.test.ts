/** What has a key keeps its order in a partition: through retries, lost channels and handovers. */
import { openDeadLetters } from '../../shared/messaging/open-dead-letters'
import { partitionOf } from '../../shared/messaging/partition'
import type { Delivery, Envelope, GroupTopology, Verdict } from '../../shared/messaging/transport'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { noTls, openRabbitmq } from './open-rabbitmq'
import { ack, envelopeOf, failure, freshGroups, idOf } from './transport-fixtures'

const broker = useBroker()
const again: Verdict = { kind: 'retry', afterMs: 150, failure }

/** A group of one type that keeps an order. */
function orderedGroup(partitions = 2) {
  const { ledger, event } = freshGroups()
  const route = { ...event, partitions }
  return { group: { ...ledger, routes: [route] } satisfies GroupTopology, type: event.type }
}

const keyed = (type: string, id: string, key: string): Envelope =>
  envelopeOf(type, { id, extensions: { partitionkey: key } })

type Decide = (delivery: Delivery, signal: AbortSignal) => Verdict | Promise<Verdict>

async function opened(group: GroupTopology, decide: Decide = () => ack, partitionPrefetch = 10) {
  const { transport } = await openRabbitmq(broker.url, [group])
  const deliveries: Delivery[] = []
  const listen = async () => {
    const limits = { prefetch: 10, concurrency: 10, partitionPrefetch }
    const subscription = await transport.subscribe(group, limits, async (delivery, signal) => {
      deliveries.push(delivery)
      return decide(delivery, signal)
    })
    atEnd(() => subscription.close(0))
    await eventually('the group is attached', () => transport.status().groups.every(({ attached }) => attached))
    return subscription
  }
  const publish = async (envelopes: readonly Envelope[]) => {
    for (const envelope of envelopes)
      expect(await transport.publish(envelope, { kind: 'event' })).toMatchObject({ outcome: 'confirmed' })
  }
  return { transport, deliveries, listen, publish, ids: () => deliveries.map(idOf) }
}

const numbered = (type: string, key: string, count: number) =>
  Array.from({ length: count }, (_, at) => keyed(type, `${key}-${at}`, key))

test('what has a key goes through the queue of its partition, and everything else through the work queue', async () => {
  const { group, type } = orderedGroup()
  const { publish } = await opened(group)
  await publish([keyed(type, 'with', 'customer-42'), envelopeOf(type, { id: 'without' })])
  const { channel } = await connectRaw(broker.url)
  const arrived: [queue: string, id: string][] = []
  for (const queue of ['', '.key.0', '.key.1'])
    await channel.consume(`test.${group.name}${queue}.v1`, (message) =>
      arrived.push([queue, String(message?.properties.messageId)]),
    )
  await eventually('both have arrived', () => arrived.length === 2)
  const partition = partitionOf('customer-42', 2)
  expect(Object.fromEntries(arrived)).toEqual({ '': 'without', [`.key.${partition}`]: 'with' })
})

test('while one waits for its retry those of its key wait behind it, and other keys flow', async () => {
  const { group, type } = orderedGroup(1)
  let failures = 0
  const { publish, listen, ids, deliveries } = await opened(group, (delivery) =>
    idOf(delivery) === 'slow-0' && failures++ < 2 ? again : ack,
  )
  await publish([...numbered(type, 'slow', 3), ...numbered(type, 'other', 3)])
  await listen()
  await eventually('all are handled', () => ids().filter((id) => id === 'slow-2').length === 1)
  expect(ids().filter((id) => id?.startsWith('slow'))).toEqual(['slow-0', 'slow-0', 'slow-0', 'slow-1', 'slow-2'])
  expect(ids().indexOf('other-2')).toBeLessThan(ids().lastIndexOf('slow-0'))
  expect(deliveries.filter((each) => idOf(each) === 'slow-0').map(({ attempt }) => attempt)).toEqual([1, 2, 3])
  expect(deliveries[0]).toMatchObject({ inOrder: { kind: 'next', key: expect.any(String) as unknown } })
})

test('what a lost channel, a closing consumer and the next one give back comes in its old order', async () => {
  const { group, type } = orderedGroup(1)
  const keys = ['a', 'b', 'c']
  const sent = Array.from({ length: 20 }, (_, at) => keys.flatMap((key) => keyed(type, `${key}-${at}`, key))).flat()
  const done: string[] = []
  const handle = (delivery: Delivery) => {
    done.push(idOf(delivery) as string)
    return ack
  }
  // Beyond the first three of each key it does none.
  const hold: Decide = (delivery, signal) =>
    /-[0-2]$/.test(idOf(delivery) ?? '')
      ? handle(delivery)
      : new Promise((resolve) => signal.addEventListener('abort', () => resolve({ kind: 'release' })))
  const first = await opened(group, hold)
  const subscription = await first.listen()
  await first.publish(sent)
  await eventually(
    'the first has begun what it will never do',
    () => first.ids().filter((id) => id?.endsWith('-3')).length === 3,
  )
  const second = await opened(group, (delivery) => (Math.random() < 0.3 ? { ...again, afterMs: 5 } : handle(delivery)))
  await second.listen()
  expect(second.ids()).toEqual([])
  await subscription.close(0)
  await eventually('half of it is handled', () => done.length > sent.length / 2)
  await broker.management.closeConnections()
  await eventually('all are handled', () => new Set(done).size === sent.length)
  for (const key of keys) {
    const ofKey = done.filter((id) => id.startsWith(`${key}-`))
    const inOrder = ofKey.filter((id, at) => ofKey.indexOf(id) === at)
    expect(inOrder).toEqual(numbered(type, key, 20).map(({ id }) => id))
  }
})

test('those who fill more than half of the window behind one that waits are crowded out, and another key comes through', async () => {
  const { group, type } = orderedGroup(1)
  const crowded: string[] = []
  const { publish, listen, deliveries } = await opened(
    group,
    (delivery) => {
      if (delivery.inOrder?.kind === 'crowded out') {
        expect(delivery.inOrder).toMatchObject({ key: 'slow', behind: { id: 'slow-0', source: '/test' } })
        crowded.push(idOf(delivery) as string)
        return { kind: 'reject', failure: { ...failure, reason: 'blocked' } }
      }
      return idOf(delivery) === 'slow-0' ? { ...again, afterMs: 60_000 } : ack
    },
    4,
  )
  await publish([...numbered(type, 'slow', 6), keyed(type, 'other', 'other')])
  await listen()
  await eventually('the other key comes through', () => deliveries.some((each) => idOf(each) === 'other'))
  expect(crowded).toEqual([1, 2, 3, 4, 5].map((at) => `slow-${at}`))
})

test('a dead letter says how many attempts it had in its place', async () => {
  const { group, type } = orderedGroup(1)
  const { publish, listen } = await opened(group, ({ attempt }) =>
    attempt < 3 ? { ...again, afterMs: 1 } : { kind: 'reject', failure },
  )
  await publish([keyed(type, 'm', 'k')])
  await listen()
  const raw = await connectRaw(broker.url)
  const letter = await eventually('the dead letter', () => raw.look(`test.${group.name}.dead.v1`))
  expect(letter.properties.headers).toMatchObject({ 'handoff-attempt': 3 })
})

test('one that cannot be read keeps its place, and its discarding is told to its key', async () => {
  const { group, type } = orderedGroup(1)
  const { listen, deliveries } = await opened(group, ({ inOrder }) =>
    inOrder?.kind === 'discarded' ? ack : { kind: 'reject', failure },
  )
  const { channel } = await connectRaw(broker.url)
  const headers = { cloudEvents_source: '/test', cloudEvents_type: type, cloudEvents_partitionkey: 'k' }
  const properties = { messageId: 'm', contentEncoding: 'gzip', headers }
  channel.sendToQueue(`test.${group.name}.key.0.v1`, Buffer.from('?'), properties)
  await listen()
  await eventually('it has arrived', () => deliveries.length === 1)
  expect(deliveries[0]).toMatchObject({ content: { kind: 'malformed', id: 'm' }, inOrder: { kind: 'next', key: 'k' } })
  const letters = await openDeadLetters({ url: broker.url, namespace: 'test', name: 'test', tls: noTls })
  atEnd(() => letters.close())
  await eventually('it is parked', async () => (await letters.count(group)) === 1)
  await letters.walk(group, () => 'discard')
  await eventually('the discarding is told', () => deliveries.length === 2)
  expect(deliveries[1]).toMatchObject({
    content: { envelope: { id: 'm', source: '/test' } },
    inOrder: { kind: 'discarded', key: 'k' },
  })
})
