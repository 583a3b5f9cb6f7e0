import { brokerObjectsOf } from '../../scripts/reset/broker-objects'
import { group } from '../../shared/messages/group'
import { groups } from '../../shared/messages/groups'
import { command } from '../../shared/messages/message'
import { planDelay } from '../../shared/messaging/rabbitmq/delay-plan'
import { planJournal, planTopology } from '../../shared/messaging/rabbitmq/topology'
import { groupTopologies } from '../../shared/operations/group-topology'
import { Type } from 'typebox'

const slow = command('slow', Type.String(), {
  description: 'Has a delay of every unit.',
  examples: ['x'],
  delivery: { delaysMs: [1, 1_500, 2_000, 90_000, 120_000, 3_600_000, 86_400_000] },
})

test.each([
  ['the groups of the project', groups],
  ['delays of every unit', [group('slow', [slow])]],
  ['a group whose queues have a later version', [group('slow', [slow], { version: 3 })]],
])('what a reset deletes is what RabbitMQ was told to declare: %s', (_what, those) => {
  const [plan, journal, delay] = [planTopology('ns', groupTopologies(those)), planJournal('ns'), planDelay('ns')]
  const objects = brokerObjectsOf('ns', those)
  expect([...objects.queues, objects.journal].sort()).toEqual(
    [...plan.queues, ...journal.queues, ...delay.queues].map(({ name }) => name).sort(),
  )
  expect([...objects.exchanges].sort()).toEqual(
    [...plan.exchanges, ...journal.exchanges, ...delay.exchanges].map(({ name }) => name).sort(),
  )
})
