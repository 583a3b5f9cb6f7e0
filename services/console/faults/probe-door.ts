import { contentTypeOf, type MessageType } from '../../../shared/messages/message'
import { ProblemError } from '../../../shared/runtime/problem-error'
import { pathPart, type PassedBack, type ProducerDoor } from '../producer/producer-door'
import type { TryOutcome } from './trial-record'

/** What one try came to; the id where it was accepted. */
export interface Tried {
  readonly outcome: TryOutcome
  readonly id?: string
}

export type TryProbe = (key: string, signal: AbortSignal) => Promise<Tried>

/** Sends a message as any caller does, by the producer's ordinary door. Rejects where trying again would be in vain. */
export function probeDoor(producer: Pick<ProducerDoor, 'ask'>, type: MessageType): TryProbe {
  const contentType = contentTypeOf(type)
  const [example] = type.examples
  const body = Buffer.from(contentType === 'text/plain' ? String(example) : JSON.stringify(example))
  const path = `/messages/${pathPart(type.name)}`
  return async (key, signal) => {
    const headers = { 'content-type': contentType, 'idempotency-key': key }
    try {
      return read(await producer.ask({ method: 'POST', path, headers, body, signal }))
    } catch (error) {
      return unanswered(error, signal)
    }
  }
}

function read({ status, body }: PassedBack): Tried {
  const answer = JSON.parse(body.toString('utf8')) as { id?: string; outcome?: string; title?: string; detail?: string }
  if (status === 202 && typeof answer.id === 'string') return { outcome: 'accepted', id: answer.id }
  // 409: an earlier try with the key is still under way. Of what broke behind the door nobody knows how far it got.
  if (status === 409 || answer.outcome === 'unknown' || status === 500) return { outcome: 'unknown' }
  if (status === 429 || status === 503) return { outcome: 'refused' }
  throw new ProblemError('fault-unavailable', `the producer answers ${status}: ${answer.title} (${answer.detail})`)
}

function unanswered(error: unknown, signal: AbortSignal): Tried {
  if (signal.aborted) return { outcome: 'unknown' }
  if (!(error instanceof ProblemError) || error.code !== 'producer-away') throw error
  return { outcome: error.members['outcome'] === 'not_accepted' ? 'refused' : 'unknown' }
}
