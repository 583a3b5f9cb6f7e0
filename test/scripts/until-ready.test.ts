import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { atEnd } from '../support/ends'
import { untilReady } from '../../scripts/supervise/until-ready'

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  atEnd(() => {
    server.closeAllConnections()
    server.close()
    return once(server, 'close')
  })
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`
}

test('asks until the answer is a success', async () => {
  let asked = 0
  const url = await serve((_request, response) => response.writeHead(++asked < 3 ? 503 : 200).end('{}'))
  expect(await untilReady(url, new AbortController().signal, () => undefined)).toBe(true)
  expect(asked).toBe(3)
})

test('ends when the program is gone, also while an answer is awaited', async () => {
  const gone = new AbortController()
  const url = await serve(() => gone.abort())
  expect(await untilReady(url, gone.signal, () => undefined)).toBe(false)
})

test('says after some seconds which checks are not well', async () => {
  const gone = new AbortController()
  const checks = {
    broker: { ok: false, detail: 'connecting' },
    store: { ok: true, detail: 'fine' },
    groups: { ok: false },
  }
  const url = await serve((_request, response) => response.writeHead(503).end(JSON.stringify({ checks })))
  const said: string[] = []
  const tell = (missing: string) => {
    said.push(missing)
    gone.abort()
  }
  await untilReady(url, gone.signal, tell)
  expect(said).toEqual(['broker: connecting; groups: not ok'])
})
