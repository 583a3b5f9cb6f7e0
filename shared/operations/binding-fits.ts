import { fitsTopic } from '../messages/topic-pattern'
import type { Binding } from '../messaging/broker-objects'

/** Whether a binding takes what is published with a key to its exchange. One of headers does not ask for the key. */
export function bindingFits({ routingKey }: Pick<Binding, 'routingKey'>, key: string, exchangeType: unknown): boolean {
  if (exchangeType === 'fanout') return true
  return exchangeType === 'topic' ? fitsTopic(routingKey, key) : routingKey === key
}
