import type { Envelope } from '../../../shared/messaging/transport'

/**
 * Whether a message may be put behind others of its queue. One with an ordering key (the CloudEvents extension
 * `partitionkey`) keeps its place: those after it may have the same key.
 */
export function mayMakeWay({ extensions }: Pick<Envelope, 'extensions'>): boolean {
  return extensions['partitionkey'] === undefined
}
