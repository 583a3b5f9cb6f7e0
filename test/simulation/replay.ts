import type { Message } from 'amqplib'
import { replayProperties } from '../../shared/messaging/rabbitmq/replayed-copy'
import { groupTopologies } from '../../shared/operations/group-topology'
import { groups } from './domain'
import type { World } from './world'

/** A person has all dead letters tried again, each as `dead replay` does it: the copy is kept before the letter goes. */
export function replayAll(world: World): void {
  const { broker } = world
  for (const topology of groupTopologies(groups)) {
    const work = broker.queues.get(`simulated.${topology.name}.v1`)
    const dead = broker.queues.get(`simulated.${topology.name}.dead.v1`)
    for (const { body, properties, exchange, routingKey } of dead?.takeReady() ?? []) {
      const message = { content: body, fields: { exchange, routingKey }, properties } as unknown as Message
      const copy = { body, properties: { ...replayProperties(message, topology), deliveryMode: 2 } }
      world.replayed.add(String(properties['messageId']))
      work?.putForGood(copy, { exchange: 'simulated.requeue.v1', routingKey: work.name })
    }
  }
}
