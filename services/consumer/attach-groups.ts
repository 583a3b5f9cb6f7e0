import type { Group } from '../../shared/messages/group'
import type { GroupTopology, Limits, OnDelivery, Subscription, Transport } from '../../shared/messaging/transport'
import type { Gap } from './handler-gaps'

export interface AttachParts {
  readonly transport: Transport
  readonly topologies: readonly GroupTopology[]
  readonly groups: readonly Group[]
  readonly gaps: readonly Gap[]
  readonly limits: Limits
  readonly onDelivery: OnDelivery
}

/** Attaches each group that has a handler for all it takes; the others keep their messages in the queue. */
export async function attachGroups(parts: AttachParts): Promise<readonly Subscription[]> {
  const whole = parts.groups.filter(({ name }) => !parts.gaps.some(({ group }) => group === name))
  const wanted = parts.topologies.filter(({ name }) => whole.some((group) => group.name === name))
  return Promise.all(wanted.map((group) => parts.transport.subscribe(group, parts.limits, parts.onDelivery)))
}
