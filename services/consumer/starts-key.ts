import type { Delivery } from '../../shared/messaging/transport'
import type { StartsKey } from '../../shared/store/store'

/** What the store knows the work on a delivery by; undefined where the delivery cannot be read. */
export function keyOf({ group, content, replays }: Delivery): StartsKey | undefined {
  if (content.kind === 'malformed') return undefined
  const { source, id } = content.envelope
  return { group, source, id, replays }
}
