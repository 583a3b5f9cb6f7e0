import type { BrokerObject, Declared, Facts } from '../broker-objects'
import type { ExchangePlan, QueuePlan, TopologyPlan } from './topology'

/** Plans in the words of the port; some whose objects are made when they are first needed. */
export function declaredBy(plans: readonly TopologyPlan[], onDemand: readonly TopologyPlan[]): Declared {
  return { ...objectsBy(plans), onDemand: objectsBy(onDemand) }
}

function objectsBy(plans: readonly TopologyPlan[]): Pick<Declared, 'objects' | 'bindings'> {
  return {
    objects: plans.flatMap(({ exchanges, queues }) => [...exchanges.map(exchangeObject), ...queues.map(queueObject)]),
    bindings: plans.flatMap(({ bindings, links = [] }) => [
      ...bindings.map(({ exchange, queue, routingKey }) => ({ exchange, destination: queue, routingKey })),
      ...links.map((link) => ({ ...link, destinationKind: 'exchange' as const })),
    ]),
  }
}

/** An exchange or a queue as the management interface tells of it. */
export interface ToldObject {
  readonly name: string
  /** Of an exchange; of a queue it stands among the arguments. */
  readonly type?: string
  readonly durable: boolean
  readonly auto_delete: boolean
  readonly internal?: boolean
  readonly exclusive?: boolean
  /** An empty one may be told as a list. */
  readonly arguments?: Facts | readonly []
}

export function exchangeObject({ name, type, alternateExchange }: ExchangePlan): BrokerObject {
  const alternate = alternateExchange === undefined ? {} : { 'alternate-exchange': alternateExchange }
  return { kind: 'exchange', name, facts: { type, durable: true, ...alternate } }
}

export function queueObject({ name, arguments: args }: QueuePlan): BrokerObject {
  return { kind: 'queue', name, facts: { durable: true, ...args } }
}

/** What is told and usual, such as `internal: false`, is no fact, so that it equals what nobody declared. */
export function toldFacts(kind: BrokerObject['kind'], told: ToldObject): Facts {
  const unusual = { 'auto-delete': told.auto_delete, internal: told.internal, exclusive: told.exclusive }
  return {
    ...(kind === 'exchange' && { type: told.type }),
    durable: told.durable,
    ...Object.fromEntries(Object.entries(unusual).filter(([, is]) => is === true)),
    ...told.arguments,
  }
}
