import type { Delivery, InOrder, MessageName } from '../../shared/messaging/transport'
import type { GroupKey } from '../../shared/store/blocked-keys'

/** Where a delivery stands among those of its key. */
export interface Place {
  readonly of: GroupKey
  readonly name: MessageName
  readonly kind: InOrder
}

/** Undefined for what keeps no order. What cannot be read has a place where its label tells it. */
export function placeOf({ group, content, inOrder: kind }: Delivery): Place | undefined {
  const label = content.kind === 'message' ? content.envelope : content.label
  if (kind === undefined || label === undefined) return undefined
  const { source, id } = label
  return { of: { group, key: kind.key }, name: { source, id }, kind }
}
