import type { IncomingHttpHeaders } from 'node:http'
import { mostDelaySeconds, timeNames } from '../../../shared/messaging/timing'
import { ProblemError } from '../../../shared/runtime/problem-error'

/** `Handoff-Delay`, whole seconds from 1 to a year; undefined where there is none. Throws a problem for any other value. */
export function readDelay(headers: IncomingHttpHeaders): number | undefined {
  const text = headers['handoff-delay']
  if (text === undefined) return undefined
  const seconds = /^\d{1,8}$/.test(String(text)) ? Number(text) : NaN
  if (seconds >= 1 && seconds <= mostDelaySeconds) return seconds
  throw new ProblemError(
    'invalid-delay',
    `Handoff-Delay is "${String(text)}"; send whole seconds from 1 to ${mostDelaySeconds}, or a CloudEvent with deliverat`,
  )
}

/** A delay from now as the extension that travels; nothing where there is no delay. */
export function delayExtension(delaySeconds: number | undefined, nowMs: number): Readonly<Record<string, string>> {
  if (delaySeconds === undefined) return {}
  return { [timeNames.due]: new Date(nowMs + delaySeconds * 1_000).toISOString() }
}

/** Many events in one request say each for itself when it is due. */
export function refuseDelay(headers: IncomingHttpHeaders): void {
  if (headers['handoff-delay'] === undefined) return
  throw new ProblemError('invalid-delay', 'Handoff-Delay is for one message; give each event of a batch its deliverat')
}
