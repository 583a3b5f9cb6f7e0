/** Callers with one connection each, which they keep: what they wait for is the service, not the way to it. */
import { once } from 'node:events'
import { Agent, request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { atEnd } from '../support/ends'

export interface Timed {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly ms: number
}

export interface Posted {
  readonly type: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Posts over a connection of its own, one message after the other, until the end of the test. */
export function openCaller({ url }: { readonly url: string }): (posted: Posted) => Promise<Timed> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  atEnd(() => agent.destroy())
  return async ({ type, body, headers }) => {
    const startedAt = performance.now()
    const sent = request(`${url}/messages/${type}`, { agent, method: 'POST', headers: { ...headers } }).end(body)
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    const chunks: Buffer[] = []
    for await (const chunk of answer) chunks.push(chunk as Buffer)
    const ms = performance.now() - startedAt
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString(), ms }
  }
}
