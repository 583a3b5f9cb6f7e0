import { instantMs } from '../runtime/instant'
import type { Envelope } from './transport'

/** The CloudEvents extension that says when a message is due, RFC 3339. */
export const deliverAtName = 'deliverat'

/** When the message is due, in milliseconds since 1970; undefined where it says nothing that can be read, and is due now. */
export function dueAtMs({ extensions }: Pick<Envelope, 'extensions'>): number | undefined {
  const text = extensions[deliverAtName]
  return text === undefined ? undefined : instantMs(text)
}

/** How long the message still has to wait; 0 for one that is due. */
export function waitMs(envelope: Pick<Envelope, 'extensions'>, nowMs: number): number {
  return Math.max(0, (dueAtMs(envelope) ?? nowMs) - nowMs)
}
