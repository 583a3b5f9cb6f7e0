/** What is more urgent than the rest, or less, has lanes of its own, and stays in them. */
import { openDeadLetters } from '../../shared/messaging/open-dead-letters'
import { prioritiesOf } from '../../shared/messaging/rabbitmq/priorities'
import type { Delivery, Envelope, GroupTopology, Verdict } from '../../shared/messaging/transport'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { noTls, openRabbitmq } from './open-rabbitmq'
import { ack, envelopeOf, failure, freshGroups, idOf, listen } from './transport-fixtures'

const broker = useBroker()

const withPriority = (type: string, id: string, priority: string, more: Record<string, string> = {}): Envelope =>
  envelopeOf(type, { id, extensions: { priority, ...more } })

const urgencies = (deliveries: readonly Delivery[]) =>
  Object.fromEntries(deliveries.map((each) => [idOf(each), each.urgency] as const)) as Record<string, string>

test('each goes through the lane of its priority, and tells how urgent it is', async () => {
  const { all, payments, command, ledger, mail, event } = freshGroups()
  const { transport } = await openRabbitmq(broker.url, all)
  for (const priority of ['0', '3', '4', '5', '9'])
    await transport.publish(withPriority(command.type, priority, priority), { kind: 'command' })
  await transport.publish(envelopeOf(command.type, { id: 'none' }), { kind: 'command' })
  const { channel } = await connectRaw(broker.url)
  const ready = async (lane: string) => {
    const { messageCount } = await channel.checkQueue(`test.${payments.name}${lane}.v1`)
    return messageCount
  }
  expect([await ready('.urgent'), await ready(''), await ready('.low')]).toEqual([2, 2, 2])
  const { deliveries } = await listen(transport, payments)
  await eventually('all have come', () => deliveries.length === 6)
  expect(urgencies(deliveries)).toEqual({ 0: 'low', 3: 'low', 4: 'normal', none: 'normal', 5: 'urgent', 9: 'urgent' })
  const heard = [await listen(transport, ledger), await listen(transport, mail)]
  const urgent = withPriority(event.type, 'event', '9')
  await transport.publish(urgent, { kind: 'event' })
  await eventually('each group has it', () => heard.every(({ deliveries: each }) => each[0]?.urgency === 'urgent'))
  await transport.publish({ ...urgent, id: 'named' }, { kind: 'event', groups: { only: [mail.name] } })
  await eventually('one group has the other', () => heard[1]?.deliveries[1]?.urgency === 'urgent')
  expect(heard[0]?.deliveries).toHaveLength(1)
})

test.each(['command', 'event'] as const)(
  'a %s that is tried again, or has waited, comes back to its lane',
  async (kind) => {
    const { all, payments, ledger, ...types } = freshGroups()
    const { transport } = await openRabbitmq(broker.url, all)
    const again: Verdict = { kind: 'retry', afterMs: 100, failure }
    const decide = (delivery: Delivery) => (idOf(delivery)?.startsWith('failing') && delivery.attempt < 3 ? again : ack)
    const { deliveries } = await listen(transport, kind === 'command' ? payments : ledger, decide)
    const { type } = types[kind]
    const deliverat = new Date(Date.now() + 1_500).toISOString()
    await transport.publish(withPriority(type, 'failing-urgent', '9'), { kind })
    await transport.publish(withPriority(type, 'failing-low', '0'), { kind })
    await transport.publish(withPriority(type, 'delayed', '5', { deliverat }), { kind })
    await eventually('all have come', () => deliveries.length === 7)
    const seen = deliveries.map((each) => `${idOf(each)} ${each.urgency} ${each.attempt}`)
    expect(seen.toSorted()).toEqual([
      'delayed urgent 1',
      'failing-low low 1',
      'failing-low low 2',
      'failing-low low 3',
      'failing-urgent urgent 1',
      'failing-urgent urgent 2',
      'failing-urgent urgent 3',
    ])
  },
)

test('a dead letter that is replayed, and what makes way, come back to their lane', async () => {
  const { all, payments, command } = freshGroups()
  const { transport } = await openRabbitmq(broker.url, all)
  const verdicts: Verdict[] = [{ kind: 'defer' }, { kind: 'reject', failure }]
  const { deliveries } = await listen(transport, payments, () => verdicts.shift() ?? ack)
  await transport.publish(withPriority(command.type, 'replayed', '8'), { kind: 'command' })
  await eventually('it has come twice', () => deliveries.length === 2)
  const letters = await openDeadLetters({ url: broker.url, namespace: 'test', name: 'test', tls: noTls })
  atEnd(() => letters.close())
  await eventually('it is parked', async () => (await letters.count(payments)) === 1)
  await letters.walk(payments, () => 'replay')
  await eventually('it has come again', () => deliveries.length === 3)
  expect(deliveries.map(({ urgency, replays }) => [urgency, replays])).toEqual([
    ['urgent', 0],
    ['urgent', 0],
    ['urgent', 1],
  ])
})

test('what makes way keeps the place that the broker gives it among urgent ones', async () => {
  const { all, payments, command } = freshGroups()
  const { transport } = await openRabbitmq(broker.url, all)
  const verdicts: Verdict[] = [{ kind: 'defer' }]
  const { deliveries, subscription } = await listen(transport, payments, () => verdicts.shift() ?? { kind: 'release' })
  await transport.publish(withPriority(command.type, 'least', '5'), { kind: 'command' })
  await eventually('it has come again', () => deliveries.length === 2)
  await subscription.close(0)
  const raw = await connectRaw(broker.url)
  const given = await eventually('it is given back', () => raw.get(`test.${payments.name}.urgent.v1`))
  expect(given.properties).toMatchObject({ messageId: 'least', priority: 2 })
})

test.each(['command', 'event'] as const)(
  'while two versions of a group stand side by side, each brings back its own: a %s',
  async (kind) => {
    const { all, payments, ledger, ...types } = freshGroups()
    const group = kind === 'command' ? payments : ledger
    const next: GroupTopology = { ...group, version: 2 }
    const again: Verdict = { kind: 'retry', afterMs: 100, failure }
    const decide = (delivery: Delivery) => (delivery.attempt < 3 ? again : ack)
    const { deliveries: old } = await listen((await openRabbitmq(broker.url, all)).transport, group, decide)
    const { transport } = await openRabbitmq(broker.url, [next])
    const { deliveries: fresh } = await listen(transport, next, decide)
    await transport.publish(withPriority(types[kind].type, 'urgent', '9'), { kind })
    await eventually('each has tried it three times', () => old.length >= 3 && fresh.length >= 3)
    const { channel } = await connectRaw(broker.url)
    // What came of it twice would have come by now, or wait in one of these.
    await transport.publish(withPriority(types[kind].type, 'later', '9'), { kind })
    await eventually(
      'so has it what came later',
      () => [...old, ...fresh].filter((each) => idOf(each) === 'later').length === 6,
    )
    const left = await Promise.all(
      ['v1', 'v2'].map((version) => channel.checkQueue(`test.${group.name}.urgent.${version}`)),
    )
    expect(left.map(({ messageCount }) => messageCount)).toEqual([0, 0])
    for (const deliveries of [old, fresh])
      expect(deliveries.filter((each) => idOf(each) === 'urgent').map(({ attempt }) => attempt)).toEqual([1, 2, 3])
  },
)

test('what keeps its order is in its partition, whatever its priority', async () => {
  const { payments, command } = freshGroups()
  const group: GroupTopology = { ...payments, routes: [{ ...command, partitions: 1 }] }
  const { transport } = await openRabbitmq(broker.url, [group])
  const { deliveries } = await listen(transport, group)
  const ordered = (id: string, priority: string) => withPriority(command.type, id, priority, { partitionkey: 'k' })
  await transport.publish(ordered('first', '0'), { kind: 'command' })
  await transport.publish(ordered('second', '9'), { kind: 'command' })
  await eventually('both have come', () => deliveries.length === 2)
  expect(deliveries.map((each) => [idOf(each), each.inOrder?.kind])).toEqual([
    ['first', 'next'],
    ['second', 'next'],
  ])
})

test('within the lane of urgent ones the best is done that the broker can, and the log says what that is', async () => {
  const { all, payments, command } = freshGroups()
  const { transport, told } = await openRabbitmq(broker.url, all)
  const priorities = prioritiesOf(transport.status().broker ?? '')
  expect(told.links.findLast(({ state }) => state === 'ready')).toMatchObject({ priorities })
  const order = ['5', '7', '9', '6', '8', '0', '3', '2']
  for (const id of order) await transport.publish(withPriority(command.type, id, id), { kind: 'command' })
  const came: string[] = []
  const one = { prefetch: 1, concurrency: 1 }
  const subscription = await transport.subscribe(payments, one, (delivery) => {
    came.push(String(idOf(delivery)))
    return Promise.resolve(ack)
  })
  atEnd(() => subscription.close(0))
  await eventually('all have come', () => came.length === order.length)
  const [urgent, low] = [came.filter((id) => Number(id) > 4), came.filter((id) => Number(id) < 4)]
  const expected = {
    strict: ['9', '8', '7', '6', '5'],
    'two classes': ['9', '8', '5', '7', '6'],
    none: order.slice(0, 5),
  }
  expect(urgent).toEqual(expected[priorities])
  expect(low).toEqual(['0', '3', '2'])
})
