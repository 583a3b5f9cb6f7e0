import type { Message } from 'amqplib'
import type { TracedAttempt } from '../transport'

/** What earlier copies wrote on a delivery. */
export interface History {
  /** Attempts that ended in a retry. */
  readonly failures: number
  /** Returns to the queue without a verdict: a crash or a cut, and the message may or may not have been in work. */
  readonly returns: number
  /** Returns since this copy was made, which the broker counts against its delivery limit. */
  readonly returnsOfCopy: number
  /** Times that a person put it back from the dead letters. */
  readonly replays: number
  readonly firstSeen: string
  /** `EXCHANGE/ROUTINGKEY` by which the message first came. */
  readonly route: string
  /** The attempt before, where that was traced. */
  readonly previous?: TracedAttempt
}

// Half of what the broker allows, so that there is time for it between two crashes.
const wornOutAfter = 10
// A delivery that comes back for ever is left to the broker's limit.
const mostReturns = 100

/** Reads it off a delivery; `now` is when the group has seen it, if no copy says otherwise. */
export function historyOf({ fields, properties }: Message, now: string): History {
  const headers = (properties.headers ?? {}) as Record<string, unknown>
  const returnsOfCopy = countHeader(headers, 'x-delivery-count')
  const previous = attemptIn(headers)
  return {
    failures: Math.max(1, countHeader(headers, 'handoff-attempt')) - 1,
    returns: returnsOfCopy + countHeader(headers, 'handoff-returns'),
    returnsOfCopy,
    replays: countHeader(headers, 'handoff-replays') + (wasDead(headers) ? 1 : 0),
    firstSeen: textHeader(headers, 'handoff-first-seen') ?? now,
    route: textHeader(headers, 'handoff-route') ?? `${fields.exchange}/${fields.routingKey}`,
    ...(previous !== undefined && { previous }),
  }
}

/** Whether the broker will soon park it for its returns, although they may all have been the fault of others. */
export function isWornOut({ returnsOfCopy, returns }: History): boolean {
  return returnsOfCopy >= wornOutAfter && returns < mostReturns
}

/** How a copy carries it on. */
export function historyHeaders({ firstSeen, route, replays }: History) {
  return {
    'handoff-first-seen': firstSeen,
    'handoff-route': route,
    ...(replays === 0 ? {} : { 'handoff-replays': replays }),
  }
}

/** How a copy tells of the attempt that it comes of; nothing where that was not traced. */
export function attemptHeaders(attempt: TracedAttempt | undefined): Record<string, string> {
  if (attempt === undefined) return {}
  const { traceparent, endedAt } = attempt
  return {
    'handoff-attempt-trace': traceparent,
    ...(endedAt !== undefined && { 'handoff-attempt-ended': endedAt }),
  }
}

/** Of a replay the time does not travel: since then it has waited for a person. */
export function replayedAttempt(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const attempt = attemptIn(headers)
  return attempt === undefined ? {} : attemptHeaders({ ...attempt, endedAt: undefined })
}

function attemptIn(headers: Readonly<Record<string, unknown>>): TracedAttempt | undefined {
  const traceparent = textHeader(headers, 'handoff-attempt-trace')
  return traceparent === undefined ? undefined : { traceparent, endedAt: textHeader(headers, 'handoff-attempt-ended') }
}

/** A dead letter that somebody moved back by other means than a replay, which takes its death off it. */
function wasDead(headers: Record<string, unknown>): boolean {
  return textHeader(headers, 'handoff-dead-at') !== undefined
}

function countHeader(headers: Record<string, unknown>, name: string): number {
  const value = headers[name]
  return Number.isSafeInteger(value) ? Math.max(0, Number(value)) : 0
}

function textHeader(headers: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' && value.length <= 1_024 ? value : undefined
}
