import { asMismatch } from '../../../shared/messaging/rabbitmq/mismatch'
import { durationName } from '../../../shared/messaging/rabbitmq/names'
import { planTopology } from '../../../shared/messaging/rabbitmq/topology'
import { groupTopologies } from '../../../shared/operations/group-topology'
import { groups } from '../../../shared/messages/groups'

const plan = planTopology('ns', groupTopologies(groups))
const queue = (name: string) => plan.queues.find((each) => each.name === name)?.arguments

test('the names are the public ones', () => {
  expect(plan.exchanges.map(({ name, type, alternateExchange }) => [name, type, alternateExchange])).toEqual([
    ['ns.unrouted.v1', 'fanout', undefined],
    ['ns.requeue.v1', 'direct', undefined],
    ['ns.commands.v1', 'topic', undefined],
    ['ns.events.v1', 'topic', 'ns.unrouted.v1'],
    ['ns.replies.v1', 'direct', undefined],
    ['ns.delay.due.v1', 'topic', 'ns.unrouted.v1'],
  ])
  const payments = plan.queues.map(({ name }) => name).filter((name) => name.startsWith('ns.payments.'))
  expect(payments).toEqual([
    'ns.payments.v1',
    'ns.payments.urgent.v1',
    'ns.payments.low.v1',
    'ns.payments.key.0.v1',
    'ns.payments.key.1.v1',
    'ns.payments.key.2.v1',
    'ns.payments.key.3.v1',
    'ns.payments.retry.500ms.v1',
    'ns.payments.retry.5s.v1',
    'ns.payments.retry.30s.v1',
    'ns.payments.retry.5m.v1',
    'ns.payments.retry.30m.v1',
    'ns.payments.dead.v1',
  ])
})

test('the queues of a group with a version bear it, and lead to each other; what all groups share stays', () => {
  const routes = [{ type: 'thing.made', kind: 'event', contentType: 'application/json' }] as const
  const { queues, bindings, exchanges } = planTopology('ns', [{ name: 'g', delaysMs: [5_000], routes, version: 2 }])
  expect(queues.map(({ name }) => name)).toEqual([
    'ns.unrouted.v1',
    'ns.g.v2',
    'ns.g.urgent.v2',
    'ns.g.low.v2',
    'ns.g.retry.5s.v2',
    'ns.g.dead.v2',
  ])
  expect(queues.map(({ arguments: args }) => args['x-dead-letter-routing-key'])).toEqual([
    undefined,
    'ns.g.dead.v2',
    'ns.g.dead.v2',
    'ns.g.dead.v2',
    'ns.g.v2',
    undefined,
  ])
  expect(bindings.filter(({ queue }) => queue === 'ns.g.v2')).toHaveLength(5)
  expect(exchanges.every(({ name }) => name.endsWith('.v1'))).toBe(true)
})

test('a partition has one consumer at a time, keeps what comes back often, and is bound by its type and number', () => {
  expect(queue('ns.payments.key.3.v1')).toEqual({
    ...queue('ns.payments.v1'),
    'x-delivery-limit': 1_000_000_000,
    'x-single-active-consumer': true,
  })
  expect(plan.bindings.filter(({ queue: name }) => name === 'ns.payments.key.3.v1')).toEqual([
    { exchange: 'ns.requeue.v1', queue: 'ns.payments.key.3.v1', routingKey: 'ns.payments.key.3.v1' },
    { exchange: 'ns.commands.v1', queue: 'ns.payments.key.3.v1', routingKey: 'payment.capture.@3' },
    {
      exchange: 'ns.delay.due.v1',
      queue: 'ns.payments.key.3.v1',
      routingKey: `${'*.'.repeat(29)}payment.capture.@3`,
    },
  ])
  expect(plan.queues.filter(({ name }) => name.includes('.greetings.key.'))).toEqual([])
})

test('every queue is a quorum queue, and what people look into is never lost by looking', () => {
  expect(plan.queues.every(({ arguments: args }) => args['x-queue-type'] === 'quorum')).toBe(true)
  expect(queue('ns.payments.dead.v1')).toEqual({
    'x-queue-type': 'quorum',
    'x-delivery-limit': 1_000_000_000,
    'x-overflow': 'reject-publish',
  })
  expect(queue('ns.payments.retry.30m.v1')).toMatchObject({
    'x-message-ttl': 1_800_000,
    'x-dead-letter-exchange': 'ns.requeue.v1',
    'x-dead-letter-routing-key': 'ns.payments.v1',
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
  })
})

test('each queue of a group can be reached through the requeue exchange, and its types through their own', () => {
  const requeue = plan.bindings.filter(({ exchange }) => exchange === 'ns.requeue.v1')
  expect(requeue.map(({ queue: name }) => name)).toEqual(
    plan.queues.map(({ name }) => name).filter((name) => name !== 'ns.unrouted.v1'),
  )
  expect(requeue.every(({ queue: name, routingKey }) => name === routingKey)).toBe(true)
  expect(plan.bindings).toContainEqual({ exchange: 'ns.events.v1', queue: 'ns.mail.v1', routingKey: 'order.placed' })
  expect(plan.bindings).toContainEqual({ exchange: 'ns.commands.v1', queue: 'ns.greetings.v1', routingKey: 'hello' })
})

test('what waited comes to each group by the routes of what did not, and what is tried again back to its lane', () => {
  const published = plan.bindings.filter(({ exchange }) => ['ns.commands.v1', 'ns.events.v1'].includes(exchange))
  const due = plan.bindings.filter(({ exchange }) => exchange === 'ns.delay.due.v1')
  const sorted = (bindings: typeof due) => bindings.map(({ queue: name, routingKey }) => `${name} ${routingKey}`).sort()
  const retried = plan.queues
    .filter(({ name }) => /\.(urgent|low)\.v1$/.test(name))
    .map(({ name }) => ({ exchange: 'ns.delay.due.v1', queue: name, routingKey: `@queue.${name}` }))
  const expected = [...published, ...retried].map((each) => ({
    ...each,
    routingKey: `${'*.'.repeat(29)}${each.routingKey}`,
  }))
  expect(sorted(due)).toEqual(sorted(expected))
})

test('a group that takes events can be reached by its name, and is bound for no type that comes by route alone', () => {
  const route = { type: 'thing.made', kind: 'event', contentType: 'application/json', binding: 'none' } as const
  const { bindings } = planTopology('ns', [{ name: 'g', delaysMs: [], routes: [route] }])
  expect(bindings.filter(({ exchange }) => exchange === 'ns.events.v1')).toEqual([
    { exchange: 'ns.events.v1', queue: 'ns.g.v1', routingKey: '@group.g' },
    { exchange: 'ns.events.v1', queue: 'ns.g.urgent.v1', routingKey: '@group.g.@urgent' },
    { exchange: 'ns.events.v1', queue: 'ns.g.low.v1', routingKey: '@group.g.@low' },
  ])
  expect(plan.bindings.filter(({ routingKey }) => routingKey === '@group.payments')).toEqual([])
})

test.each([
  [500, '500ms'],
  [5_000, '5s'],
  [90_000, '90s'],
  [1_800_000, '30m'],
  [7_200_000, '2h'],
  [1_500, '1500ms'],
])('%i ms is named %s', (ms, name) => {
  expect(durationName(ms)).toBe(name)
})

test('an error that is no mismatch stays what it is', () => {
  expect(asMismatch(new Error('406 (PRECONDITION-FAILED) something else'))).toBeUndefined()
})
