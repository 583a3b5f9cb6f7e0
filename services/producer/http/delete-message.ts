import type { FastifyInstance, FastifySchema } from 'fastify'
import type { Journal } from '../../../shared/journal/journal'
import type { MessageStatus } from '../../../shared/journal/message-status'
import { ProblemError } from '../../../shared/runtime/problem-error'
import { problem } from '../../../shared/runtime/problem-schema'
import type { DeferralTable } from '../../../shared/store/deferral-table'
import { StoreUnavailable } from '../../../shared/store/store'
import { findOne, nobodyKnows, whichOf, type AskedFor, type FindOneParts, type WhichMessage } from './find-one'
import { whichSchema } from './status-schema'

export interface DeleteMessageParts extends FindOneParts {
  readonly deferrals: Pick<DeferralTable, 'cancel'>
  readonly journal: Pick<Journal, 'note'>
  /** The `source` of messages that this producer makes of bare data. */
  readonly source: string
}

/** `DELETE /messages/ID`: cancels a message that waits until it is due. */
export function addDeleteMessage(app: FastifyInstance, parts: DeleteMessageParts): void {
  app.delete<AskedFor>('/messages/:id', { schema: cancelSchema }, (request) => cancelled(whichOf(request), parts))
}

async function cancelled(which: WhichMessage, parts: DeleteMessageParts) {
  const found = await findOne(which, parts)
  const { id, source } = found?.message ?? { id: which.id, source: which.source ?? parts.source }
  const outcome = await parts.deferrals.cancel({ source, id }, waitingUntil(found)).catch((error: unknown) => {
    if (!(error instanceof StoreUnavailable)) throw error
    throw new ProblemError('store-away', `the store does not answer: ${error.message}`, {
      headers: { 'retry-after': '2' },
    })
  })
  if (outcome === 'unknown' && found === undefined) throw nobodyKnows(which, parts)
  if (outcome !== 'cancelled') throw tooLate(id, outcome, found)
  if (found !== undefined && found.state !== 'cancelled') noteCancelled(found, parts)
  return { id, outcome }
}

/** Where the note of it failed when it was accepted, the journal may still know that it waits. */
function waitingUntil(found: MessageStatus | undefined): number | undefined {
  const until =
    found?.state === 'delayed' ? found.steps.find(({ kind }) => kind === 'delayed')?.facts?.until : undefined
  return until === undefined ? undefined : Date.parse(until)
}

function tooLate(id: string, outcome: 'due' | 'unknown', found: MessageStatus | undefined): ProblemError {
  const why = outcome === 'due' ? 'it has been given to a consumer' : 'it was not to be delivered later'
  const state = found === undefined ? '' : `, its state is "${found.state}"`
  return new ProblemError('not-waiting', `the message "${id}" cannot be cancelled: ${why}${state}`)
}

function noteCancelled({ message }: MessageStatus, { journal }: DeleteMessageParts): void {
  journal.note({ ...message, extensions: {} }, { kind: 'cancelled' }, 'last')
}

/** The documents' view of a cancellation. */
const cancelSchema: FastifySchema = {
  operationId: 'cancel_message',
  summary: 'Cancels a message that waits until it is due',
  description: 'No group handles it then. Repeated, it is answered in the same way.',
  tags: ['messages'],
  querystring: whichSchema,
  response: {
    200: {
      description: 'It is cancelled, for good.',
      type: 'object',
      required: ['id', 'outcome'],
      properties: { id: { type: 'string' }, outcome: { const: 'cancelled' } },
    },
    404: problem('Nothing is known of such a message.'),
    409: problem(
      'It does not wait: it was delivered before, or at once; or several sources have a message with this id.',
    ),
    503: problem('The store does not answer; nothing was cancelled. Repeat after Retry-After.'),
  },
}
