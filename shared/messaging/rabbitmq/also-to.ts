import type { Options } from 'amqplib'

/**
 * Properties that send a message by further routing keys too, within the one publish and its one confirm
 * (https://www.rabbitmq.com/docs/sender-selected). The broker takes BCC off before it keeps the message: left on it, as CC
 * is, a copy of a delivery would go to all of them again. What is to wait on its way needs them at each level, and so CC;
 * copies are made without it.
 */
export function alsoTo(
  routingKeys: readonly string[],
  properties: Options.Publish,
  header: 'CC' | 'BCC' = 'BCC',
): Options.Publish {
  if (routingKeys.length === 0) return properties
  return { ...properties, headers: { ...(properties.headers as object), [header]: [...routingKeys] } }
}
