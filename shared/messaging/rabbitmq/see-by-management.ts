import type { Binding, EffectivePolicy, Facts, Found, FoundObject } from '../broker-objects'
import { exchangeCounters, queueCounters, type ToldCounters } from './told-counters'
import type { Management } from './management'
import { toldFacts, type ToldObject } from './objects-of'
import { isReplyQueue } from './names'

/** What RabbitMQ tells of a queue beside its arguments; a fresh one has none of it for some seconds. */
interface ToldQueue extends ToldObject, ToldCounters {
  readonly messages?: number
  readonly messages_ready?: number
  readonly consumers?: number
  readonly policy?: string | null
  readonly operator_policy?: string | null
  /** An empty one may be told as a list. */
  readonly effective_policy_definition?: Facts | readonly [] | null
}

interface ToldBinding {
  readonly source: string
  readonly destination: string
  readonly destination_type: 'queue' | 'exchange'
  readonly routing_key: string
  /** An empty one may be told as a list. */
  readonly arguments?: Facts | readonly []
}

/** Everything of a namespace that management tells, but for what belongs to a single process and goes with it. */
export async function seeByManagement(management: Management, namespace: string): Promise<Found> {
  const prefix = `${namespace}.`
  const [exchanges, queues, bindings] = await Promise.all([
    management.listNamed<ToldObject & ToldCounters>('exchanges', prefix),
    seeQueues(management, namespace),
    management.list<ToldBinding>('bindings'),
  ])
  return {
    objects: [...exchanges.map(foundExchange), ...queues],
    bindings: bindings
      .filter(({ source, destination }) => isOurs(source, destination, prefix) && !isReplyQueue(destination, namespace))
      .map(foundBinding),
    unseen: undefined,
  }
}

export async function seeQueues(management: Management, namespace: string): Promise<readonly FoundObject[]> {
  const told = await management.listNamed<ToldQueue>('queues', `${namespace}.`)
  return told.filter(({ name }) => !isReplyQueue(name, namespace)).map(foundQueue)
}

// Each queue is bound to the nameless exchange by the broker itself.
function isOurs(source: string, destination: string, prefix: string): boolean {
  return source !== '' && (source.startsWith(prefix) || destination.startsWith(prefix))
}

function foundExchange(told: ToldObject & ToldCounters): FoundObject {
  return { kind: 'exchange', name: told.name, facts: toldFacts('exchange', told), ...exchangeCounters(told) }
}

function foundQueue(told: ToldQueue): FoundObject {
  const { name, messages, messages_ready: ready, consumers } = told
  const policy = effectivePolicy(told)
  return {
    kind: 'queue',
    name,
    facts: toldFacts('queue', told),
    ...(policy !== undefined && { policy }),
    ...(messages !== undefined && { messages }),
    ...(ready !== undefined && { ready }),
    ...(consumers !== undefined && { consumers }),
    ...queueCounters(told),
  }
}

function effectivePolicy(told: ToldQueue): EffectivePolicy | undefined {
  const { policy, operator_policy: operator, effective_policy_definition: definition } = told
  if (policy === undefined && operator === undefined && definition === undefined) return undefined
  const names = [...(policy ? [`policy "${policy}"`] : []), ...(operator ? [`operator policy "${operator}"`] : [])]
  return { names, definition: { ...definition } }
}

function foundBinding({ source, destination, destination_type: kind, routing_key, arguments: told = {} }: ToldBinding) {
  const toExchange = kind === 'exchange' ? { destinationKind: kind } : {}
  const binding: Binding = { exchange: source, destination, ...toExchange, routingKey: routing_key }
  return Object.keys(told).length === 0 ? binding : { ...binding, arguments: { ...told } }
}
