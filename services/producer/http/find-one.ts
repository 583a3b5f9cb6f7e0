import type { MessageStatus } from '../../../shared/journal/message-status'
import { ProblemError } from '../../../shared/runtime/problem-error'
import { StoreUnavailable } from '../../../shared/store/store'
import type { FindMessage } from '../follow-journal'

export interface FindOneParts {
  readonly find: FindMessage
  /** Names of message types, which are sent to and not asked for. */
  readonly types: readonly string[]
  /** The share of messages whose steps are kept. */
  readonly share: number
}

/** Which message a request is about. */
export interface AskedFor {
  readonly Params: { readonly id: string }
  readonly Querystring: { readonly source?: string | readonly string[] }
}

export interface WhichMessage {
  readonly id: string
  readonly source: string | undefined
}

/** A query may name a source twice, which names none. */
export function whichOf({
  params: { id },
  query,
}: {
  params: AskedFor['Params']
  query: AskedFor['Querystring']
}): WhichMessage {
  return { id, source: typeof query.source === 'string' ? query.source : undefined }
}

/** What the journal knows of the message, undefined when nothing. Throws a problem when it cannot say, or knows several. */
export async function findOne(
  which: WhichMessage,
  { find }: Pick<FindOneParts, 'find'>,
): Promise<MessageStatus | undefined> {
  const found = await find(which).catch((error: unknown) => {
    if (!(error instanceof StoreUnavailable)) throw error
    throw new ProblemError('journal-away', `the store does not answer: ${error.message}`, {
      headers: { 'retry-after': '2' },
    })
  })
  if (found.kind === 'several') throw ambiguous(which.id, found.sources)
  return found.kind === 'one' ? found.status : undefined
}

/** The answer to a question about a message that nobody knows. */
export function nobodyKnows({ id, source }: WhichMessage, { types, share }: FindOneParts): ProblemError {
  if (types.includes(id)) return aType(id)
  const of = source === undefined ? '' : ` of the source "${source}"`
  const why = share < 1 ? `; JOURNAL_SAMPLE is ${share}, so that not every message is in the journal` : ''
  return new ProblemError('unknown-message', `the journal has no message "${id}"${of}${why}`)
}

function aType(name: string): ProblemError {
  return new ProblemError('method-not-allowed', `/messages/${name} takes POST: it is a message type, and no message`, {
    headers: { allow: 'POST, OPTIONS' },
  })
}

function ambiguous(id: string, sources: readonly string[]): ProblemError {
  return new ProblemError('ambiguous-message', `there are messages "${id}" of the sources ${sources.join(', ')}`, {
    members: { sources },
  })
}
