import type { Delivery, InOrder, MessageName } from '../../shared/messaging/transport'
import type { GroupKey } from '../../shared/store/blocked-keys'

/** Where a delivery stands among those of its key. */
export interface Place {
  readonly of: GroupKey
  readonly name: MessageName
  readonly kind: InOrder
}

/** Undefined for what keeps no order. */
export function placeOf({ group, content, inOrder: kind }: Delivery): Place | undefined {
  if (kind === undefined || content.kind !== 'message') return undefined
  const { source, id } = content.envelope
  return { of: { group, key: kind.key }, name: { source, id }, kind }
}
