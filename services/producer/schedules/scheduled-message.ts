import type { Schedule } from '../../../shared/messages/schedule'
import { ProblemError } from '../../../shared/runtime/problem-error'
import type { FiringKey, ScheduleKey } from '../../../shared/store/firing-table'
import type { Posting } from '../accept'
import { readBody, type MessageBody } from '../http/read-body'
import { answerByFromNow } from '../http/request-facts'
import { keyedMessageId } from '../message-id'
import { continueTrace } from '../trace'

/** The id of what is sent at a planned time: the same whoever sends it, and however often. */
export function firingId(firing: FiringKey): string {
  return keyedMessageId(sourceOf(firing), firing.plannedAt)
}

/**
 * The message of a planned time, with the time limit of a request that comes now. Throws, in words for a person, when its
 * data cannot be made or does not fit its type.
 */
export function scheduledPosting(firing: FiringKey, schedule: Schedule): Posting {
  const { type } = schedule
  const { bytes, contentType } = bodyOf(schedule, firing.plannedAt)
  const { traceparent } = continueTrace({})
  return {
    envelope: {
      id: firingId(firing),
      source: sourceOf(firing),
      type: type.name,
      time: firing.plannedAt,
      contentType,
      data: bytes,
      extensions: { traceparent },
    },
    route: { kind: type.kind },
    acceptance: type.acceptance,
    answerBy: answerByFromNow(),
  }
}

function sourceOf({ namespace, schedule }: ScheduleKey): string {
  return `/${namespace}/schedules/${schedule}`
}

/** Written as JSON, and then read and checked as what a caller sends. */
function bodyOf({ type, dataAt }: Schedule, plannedAt: string): MessageBody {
  const json = JSON.stringify(dataAt(new Date(plannedAt))) as string | undefined
  try {
    return readBody(type, Buffer.from(json ?? ''), 'application/json')
  } catch (error) {
    throw error instanceof ProblemError ? new Error(inWords(error), { cause: error }) : error
  }
}

function inWords({ message, members }: ProblemError): string {
  const [first] = (members['errors'] ?? []) as readonly { readonly pointer: string; readonly detail: string }[]
  return first === undefined ? message : `${message}: ${first.pointer === '' ? 'it' : first.pointer} ${first.detail}`
}
