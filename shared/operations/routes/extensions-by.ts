import { priorityName } from '../../messaging/priority'
import { timeNames } from '../../messaging/timing'
import type { Envelope } from '../../messaging/transport'
import type { RouteDecision } from '../../routing/routes/decision'

/** The extensions that a message travels with: its own, the same object where the rules add none. */
export function extensionsBy(
  { delaySeconds, key, priority }: Pick<RouteDecision, 'delaySeconds' | 'key' | 'priority'>,
  own: Envelope['extensions'],
  nowMs: number,
): Envelope['extensions'] {
  if (delaySeconds === undefined && key === undefined && priority === undefined) return own
  return {
    ...own,
    ...(delaySeconds !== undefined && { [timeNames.due]: new Date(nowMs + delaySeconds * 1_000).toISOString() }),
    ...(key !== undefined && { partitionkey: key }),
    ...(priority !== undefined && { [priorityName]: String(priority) }),
  }
}
