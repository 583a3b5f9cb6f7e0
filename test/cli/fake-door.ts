import { createServer, type IncomingHttpHeaders } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { atEnd } from '../support/ends'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** How often the same was asked before. */
  readonly before: number
}

export interface Told {
  readonly status: number
  readonly body: object
}

/** Stands for a producer; answers with its URL. */
export async function startDoor(answerTo: (asked: Asked) => Told | Promise<Told>): Promise<string> {
  const times = new Map<string, number>()
  const server = createServer((request, response) => {
    void (async () => {
      await buffer(request)
      const { method = '', url: path = '', headers } = request
      const same = `${method} ${path} ${String(headers['idempotency-key'])}`
      const before = times.get(same) ?? 0
      times.set(same, before + 1)
      const { status, body } = await answerTo({ method, path, headers, before })
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  atEnd(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** What `GET /messages/ID` says of a message in the group `left`. */
export function statusIn(state: string, ...steps: readonly string[]): Told {
  const timeline = steps.map((step) => ({ step, group: 'left' }))
  return { status: 200, body: { groups: [{ name: 'left', state }], timeline } }
}
