import { laneIn, priorityFault, priorityOf, urgencyOf } from '../../../shared/messaging/priority'
import { prioritiesOf, priorityProperty } from '../../../shared/messaging/rabbitmq/priorities'
import { routingKeysFor } from '../../../shared/messaging/rabbitmq/routing-keys'
import { typeIn } from '../../../shared/messaging/rabbitmq/routing-key'

const withPriority = (priority: string, more: Record<string, string> = {}) => ({
  type: 'made',
  extensions: { priority, ...more },
})

test.each([
  ['0', 'low'],
  ['3', 'low'],
  ['4', 'normal'],
  ['5', 'urgent'],
  ['9', 'urgent'],
])('priority %s is %s', (priority, urgency) => {
  expect(urgencyOf(withPriority(priority))).toBe(urgency)
  expect(priorityOf(withPriority(priority))).toBe(Number(priority))
  expect(priorityFault(priority)).toBeUndefined()
})

test.each(['', '10', '05', '-1', '5.0', ' 5', 'high', '٥'])('"%s" is none, and holds nothing up', (priority) => {
  expect(urgencyOf(withPriority(priority))).toBe('normal')
  expect(priorityFault(priority)).toContain(`"${priority}" is no priority`)
})

test('what keeps its order goes through its partition, whatever its priority', () => {
  const route = { type: 'made', kind: 'event', contentType: 'application/json' } as const
  const ordered = { routes: [{ ...route, partitions: 1 }] }
  const keyed = withPriority('9', { partitionkey: 'k' })
  expect(laneIn(ordered, keyed)).toBeUndefined()
  expect(laneIn(ordered, withPriority('9'))).toBe('urgent')
  expect(laneIn({ routes: [route] }, keyed)).toBe('urgent')
  expect(routingKeysFor([ordered])(keyed, {})).toEqual({ first: 'made.@0', others: [] })
  expect(routingKeysFor([{ routes: [route] }])(keyed, { groups: { also: ['g'] } })).toEqual({
    first: 'made.@urgent',
    others: ['@group.g.@urgent'],
    lane: 'urgent',
  })
  expect(typeIn('made.@low')).toBe('made')
})

test.each([
  ['RabbitMQ 3.10.8', 'none'],
  ['RabbitMQ 3.13.7', 'none'],
  ['RabbitMQ 4.0.0', 'two classes'],
  ['RabbitMQ 4.2.1', 'two classes'],
  ['RabbitMQ 4.3.0-rc.1', 'strict'],
  ['RabbitMQ 5.0.0', 'strict'],
  ['undefined undefined', 'none'],
])('%s knows of priorities: %s', (broker, priorities) => {
  expect(prioritiesOf(broker)).toBe(priorities)
})

test('the property stands around what the broker takes for what says nothing', () => {
  expect(['5', '6', '7', '8', '9'].map((each) => priorityProperty(withPriority(each)))).toEqual([2, 3, 4, 5, 6])
})
