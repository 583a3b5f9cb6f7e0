import type { Binding, BrokerObject, BrokerObjects, Predecessor } from '../messaging/broker-objects'
import type { Clock } from '../runtime/clock'
import { applyTopology } from './apply-topology'
import type { Migrating } from './migrating'
import { OperationError } from './operation-error'
import { retireQueues } from './retire-queues'
import { topologyDifference } from './topology-difference'
import { untilUnused } from './until-unused'

export interface MigrationParts {
  readonly objects: BrokerObjects
  readonly events: Migrating
  readonly clock: Clock
  /** Only the queues of this group; undefined stands for all. */
  readonly group: string | undefined
}

/** A delay leads back into the work queue, and that into the dead letters: each is emptied before what it leads to. */
const stages = ['delay', 'work', 'dead'] as const

/**
 * Brings the messages of undeclared earlier queues of declared groups to where they belong now, and deletes each queue
 * once it is empty for good. First makes what is missing and binds what others send to an earlier queue, or what waits to
 * come back to it, to its successor, then unbinds the earlier queues, so that every message has a queue at every moment, and
 * some have two. Ended in between, it loses nothing; begun again, it goes on. Answers how many queues it has deleted. Rejects
 * with an {@link OperationError}, before anything is unbound, while others consume one, when nothing can be seen, or when
 * one is bound with arguments.
 */
export async function migrateTopology({ objects, events, clock, group }: MigrationParts): Promise<number> {
  await applyTopology(objects, events)
  const found = await objects.look()
  if (found.bindings === undefined)
    throw new OperationError(`a migration has to see bindings and figures, and ${found.unseen}`)
  const { strange } = topologyDifference(objects.declared, found)
  const old = strange.flatMap((queue) => ofGroup(objects, queue, group))
  const bindings = found.bindings.filter(({ destination }) => old.some(({ queue }) => queue === destination))
  refuseArguments(old, bindings)
  await untilUnused(old, { objects, clock })
  const ours = new Set(objects.declared.objects.map(({ name }) => name))
  const isOfOthers = ({ exchange }: Binding) => !ours.has(exchange)
  const isForNew = (binding: Binding) => isOfOthers(binding) || !isByOwnName(binding)
  const comesStill = (binding: Binding) => isOfOthers(binding) || isWayBack(binding)
  await bindOthers(objects, { old, bindings: bindings.filter(comesStill) }, events)
  await unbindAll(objects, bindings.filter(isForNew), events)
  for (const stage of stages) {
    const those = old.filter(({ place }) => place === stage)
    const names = new Set(those.map(({ queue }) => queue))
    const ofStage = bindings.filter((binding) => names.has(binding.destination) && !isForNew(binding))
    await unbindAll(objects, ofStage, events)
    await retireQueues(those, { objects, events, clock })
  }
  return old.length
}

function ofGroup(
  objects: BrokerObjects,
  { kind, name }: BrokerObject,
  group: string | undefined,
): readonly Predecessor[] {
  const was = kind === 'queue' ? objects.predecessor(name) : undefined
  return was === undefined || (group !== undefined && was.group !== group) ? [] : [was]
}

/** The types of arguments are not told: made anew the binding may take other messages, and unbound it may stay. */
function refuseArguments(old: readonly Predecessor[], bindings: readonly Binding[]): void {
  const found = bindings.find(({ arguments: args }) => args !== undefined)
  if (found === undefined) return
  const { exchange, destination } = found
  const successor = old.find(({ queue }) => queue === destination)?.successor
  throw new OperationError(
    `${destination} is bound to ${exchange} with the arguments ${JSON.stringify(found.arguments)}, which cannot be told exactly, so nothing was moved; bind ${successor} in the same way, unbind ${destination}, and repeat the command`,
  )
}

/** From an exchange of ours, only what has been in its group before comes so: retries, returns, dead letters. */
function isByOwnName({ destination, routingKey }: Binding): boolean {
  return routingKey === destination
}

/** What has to wait a while comes back so, also when its queue is gone by then. */
function isWayBack({ destination, routingKey }: Binding): boolean {
  return routingKey.endsWith(`.${destination}`)
}

/** What an exchange that is not ours sends to an earlier queue goes to its successor as well, before it goes nowhere; by
 * the same routing key, also where that is the queue's name. */
async function bindOthers(
  objects: BrokerObjects,
  { old, bindings }: { readonly old: readonly Predecessor[]; readonly bindings: readonly Binding[] },
  { bound }: Migrating,
): Promise<void> {
  for (const binding of bindings) {
    const successor = old.find(({ queue }) => queue === binding.destination)?.successor ?? binding.destination
    const next = { ...binding, destination: successor }
    await objects.bind(next)
    bound(next)
  }
}

async function unbindAll(objects: BrokerObjects, bindings: readonly Binding[], { unbound }: Migrating): Promise<void> {
  for (const binding of bindings) {
    await objects.unbind(binding)
    unbound(binding)
  }
}
