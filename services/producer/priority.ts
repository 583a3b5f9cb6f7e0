import type { IncomingHttpHeaders } from 'node:http'
import type { MessageType } from '../../shared/messages/message'
import { refusedPriority } from '../../shared/messaging/given-priority'
import { priorityName } from '../../shared/messaging/priority'
import { ProblemError } from '../../shared/runtime/problem-error'

/** What a request says of how urgent a message is, and what bears on it. */
export interface AskedPriority {
  /** The Handoff-Priority header, of a message that came alone. */
  readonly header: string | string[] | undefined
  /** The priority of a CloudEvent. */
  readonly attribute?: string | undefined
  readonly key: string | undefined
  readonly type: MessageType
}

/**
 * The priority of a message by its header or its attribute, undefined without either. Throws a problem for both, for one
 * that is no digit, and for a message that keeps its order.
 */
export function parsePriority({ header, attribute, key, type }: AskedPriority): string | undefined {
  if (header !== undefined && attribute !== undefined)
    throw refused('the event has a priority and the request a Handoff-Priority; send one of them')
  const priority = header === undefined ? attribute : String(header)
  const refusal = refusedPriority({ priority, key, type })
  if (refusal !== undefined)
    throw refused(`the ${header === undefined ? 'priority' : 'Handoff-Priority'} cannot be used: ${refusal}`)
  return priority
}

/** A priority as the extension that travels; nothing where there is none. */
export function priorityExtension(priority: string | undefined): Readonly<Record<string, string>> {
  return priority === undefined ? {} : { [priorityName]: priority }
}

/** Many events in one request say each for itself how urgent it is. */
export function refusePriority(headers: IncomingHttpHeaders): void {
  if (headers['handoff-priority'] === undefined) return
  throw refused('Handoff-Priority is for one message; give each event of a batch its priority')
}

function refused(why: string): ProblemError {
  return new ProblemError('invalid-priority', why)
}
