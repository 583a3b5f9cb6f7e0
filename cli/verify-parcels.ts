import { createHash } from 'node:crypto'
import { groups } from '../shared/messages/groups'
import { contentTypeOf, type MessageType } from '../shared/messages/message'
import { Routing } from '../shared/routing/routing'
import { randomHex } from '../shared/runtime/random-hex'
import type { Answer, Parcel } from '../shared/verification/send-load'
import { askProducer } from './ask-producer'
import type { Door } from './following'
import { refusalOf } from './refusal-text'

/** The type's first example again and again, each time as another message; `source` is where the producer says it comes from. */
export function parcels(type: MessageType, source: string): (sequence: number) => Parcel {
  const routing = new Routing(groups)
  const run = randomHex(4)
  const example: unknown = type.examples[0]
  const body = contentTypeOf(type) === 'text/plain' ? String(example) : JSON.stringify(example)
  const bodyHash = createHash('sha256').update(body).digest('hex')
  const event = { id: run, source, type: type.name, time: new Date().toISOString(), extensions: {}, data: example }
  const takers = groups.filter(
    ({ name, types }) => types.includes(type) && routing.explain(name, event).verdict !== 'filters',
  )
  const expected = Object.fromEntries(takers.map(({ name }) => [name, bodyHash]))
  return (sequence) => ({ subject: `verify-${run}-${sequence}`, body, bodyHash, expected })
}

/** Sends it once, its subject the idempotency key; rejects when no producer answers. */
export async function post({ url, apiKey }: Door, type: MessageType, { subject, body }: Parcel): Promise<Answer> {
  const answer = await askProducer({
    method: 'POST',
    url: `${url}/messages/${encodeURIComponent(type.name)}`,
    headers: { 'content-type': contentTypeOf(type), 'idempotency-key': subject },
    body,
    apiKey,
  })
  const { outcome, id } = answer.body as { readonly outcome?: string; readonly id?: string }
  return {
    status: answer.status,
    detail: answer.status === 202 ? '' : refusalOf(answer),
    ...(outcome !== undefined && { outcome }),
    ...(id !== undefined && { id }),
  }
}
