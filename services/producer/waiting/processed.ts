import type { Reply } from '../../../shared/messaging/reply-line'
import { ProblemError } from '../../../shared/runtime/problem-error'
import type { Accepted } from '../outcome'
import type { Ending } from './ending'

/** The body of a 200: the message has had its effect. */
export interface Processed extends Omit<Accepted, 'outcome'> {
  readonly outcome: 'processed'
  /** Of a command; missing where its handler returned nothing. */
  readonly result?: unknown
  /** Of an event, by the groups that wanted it and returned something. */
  readonly results?: Readonly<Record<string, unknown>>
  /** Why a result is not here although there is one; of an event by group. */
  readonly omitted?: Reply['omitted'] | Readonly<Record<string, unknown>>
}

/** What a caller is told who has waited; throws the problem of a message that was parked. */
export function answerAfter(ending: Ending, accepted: Accepted, kind: 'command' | 'event'): Accepted | Processed {
  if (ending.kind === 'untold') return accepted
  if (ending.kind === 'dead') throw deadProblem(ending.reply, accepted)
  const processed = { ...accepted, outcome: 'processed' as const }
  return kind === 'command'
    ? { ...processed, ...ofCommand(ending.replies) }
    : { ...processed, ...ofEvent(ending.replies) }
}

function ofCommand([reply]: readonly Reply[]): Pick<Processed, 'result' | 'omitted'> {
  const result = reply && resultIn(reply)
  return { ...(result !== undefined && { result }), ...(reply?.omitted !== undefined && { omitted: reply.omitted }) }
}

function ofEvent(replies: readonly Reply[]): Pick<Processed, 'results' | 'omitted'> {
  const byGroup = (valueOf: (reply: Reply) => unknown) =>
    Object.fromEntries(
      replies.map((reply) => [reply.group, valueOf(reply)] as const).filter(([, value]) => value !== undefined),
    )
  const omitted = byGroup((reply) => reply.omitted)
  return { results: byGroup(resultIn), ...(Object.keys(omitted).length > 0 && { omitted }) }
}

/** Anybody with the rights may have written it: what is no JSON is no result. */
function resultIn({ body }: Reply): unknown {
  if (body.length === 0) return undefined
  try {
    return JSON.parse(body.toString()) as unknown
  } catch {
    return undefined
  }
}

function deadProblem(reply: Reply, { id, type, links }: Accepted): ProblemError {
  const { group, reason = 'failed' } = reply
  const members = { id, messageType: type, group, reason, links }
  if (reason !== 'rejected')
    return new ProblemError('processing-failed', `the group ${group} has parked the message as ${reason}`, { members })
  const { detail } = (resultIn(reply) ?? {}) as { readonly detail?: unknown }
  const why = typeof detail === 'string' && detail !== '' ? detail : `the group ${group} has rejected the message`
  return new ProblemError('processing-rejected', why, { members })
}
