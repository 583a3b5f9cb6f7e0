import { request, type Agent, type IncomingMessage } from 'node:http'
import type { Answer } from '../../shared/verification/send-load'
import type { OwnParcel } from './parcels'

const answerWithinMs = 15_000

/** Sends it once, its subject the idempotency key; rejects when no answer comes. */
export function postParcel(url: string, agent: Agent, { type, subject, body }: OwnParcel): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'idempotency-key': subject,
  }
  const options = { method: 'POST', agent, headers, timeout: answerWithinMs }
  const asking = request(`${url}/messages/${type}`, options, (answer) => void answerIn(answer).then(resolve, reject))
  asking.once('timeout', () => asking.destroy(new Error(`no answer within ${answerWithinMs} ms`)))
  asking.once('error', reject)
  asking.end(body)
  return promise
}

async function answerIn(answer: IncomingMessage): Promise<Answer> {
  let text = ''
  for await (const piece of answer.setEncoding('utf8')) text += String(piece)
  const { outcome, id, title } = JSON.parse(text) as Partial<Record<'outcome' | 'id' | 'title', string>>
  const { statusCode: status = 0 } = answer
  return {
    status,
    detail: `${status} ${title ?? ''}`,
    ...(outcome !== undefined && { outcome }),
    ...(id !== undefined && { id }),
  }
}
