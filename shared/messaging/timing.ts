import { instantMs } from '../runtime/instant'
import type { Envelope } from './transport'

/**
 * CloudEvents extensions, RFC 3339: when a message is due, which is Handoff's own, and when it is of no use any more:
 * https://github.com/cloudevents/spec/blob/main/cloudevents/extensions/expirytime.md
 */
export const timeNames = { due: 'deliverat', expiry: 'expirytime' } as const

/** How long a message may wait: 365 days. */
export const mostDelaySeconds = 31_536_000

type Timed = Pick<Envelope, 'extensions'>

/** When the message is due, in milliseconds since 1970; undefined where it says nothing that can be read, and is due now. */
export function dueAtMs({ extensions }: Timed): number | undefined {
  return readTime(extensions[timeNames.due])
}

/** When the message expires, in milliseconds since 1970; undefined where it says nothing that can be read, and never does. */
export function expiresAtMs({ extensions }: Timed): number | undefined {
  return readTime(extensions[timeNames.expiry])
}

/** How long the message still has to wait; 0 for one that is due. */
export function waitMs(message: Timed, nowMs: number): number {
  return Math.max(0, (dueAtMs(message) ?? nowMs) - nowMs)
}

/** Which of the times cannot be read, in a sentence; undefined when none. */
export function unreadableTime(extensions: Envelope['extensions']): string | undefined {
  const name = Object.values(timeNames).find(
    (each) => extensions[each] !== undefined && readTime(extensions[each]) === undefined,
  )
  return name && `${name} is "${extensions[name]}", which is no RFC 3339 time such as "2026-01-31T09:30:00Z"`
}

/** Why a message with these times is not taken, in a sentence with the way out; undefined when it is. */
export function refusedTiming(extensions: Envelope['extensions'], nowMs: number): string | undefined {
  const unreadable = unreadableTime(extensions)
  if (unreadable !== undefined) return unreadable
  const { [timeNames.due]: deliverAt, [timeNames.expiry]: expiry } = extensions
  const due = dueAtMs({ extensions }) ?? nowMs
  const expiresAt = expiresAtMs({ extensions }) ?? Infinity
  if (due - nowMs > mostDelaySeconds * 1_000)
    return `deliverat is ${deliverAt}, which is more than ${mostDelaySeconds} seconds (365 days) away; send it later`
  if (expiresAt <= nowMs) return `it expired at ${expiry}; send it with a later expirytime, or with none`
  if (expiresAt <= due)
    return `it would expire at ${expiry}, before it is due at ${deliverAt}; send it with a later expirytime, or with none`
  return undefined
}

function readTime(text: string | undefined): number | undefined {
  return text === undefined ? undefined : instantMs(text)
}
