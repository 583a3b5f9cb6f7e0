/** What a connection keeps of its requests: those without an answer, and the last one. */
import { Agent, request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { atEnd } from '../../support/ends'
import { createApp } from './http-app'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

async function listening() {
  const app = createApp()
  const seen: WeakRef<IncomingMessage>[] = []
  app.addHook('onRequest', (incoming, _reply, done) => {
    seen.push(new WeakRef(incoming.raw))
    done()
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  return { seen, port: (app.server.address() as AddressInfo).port }
}

function get(port: number, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    request({ port, agent, path: '/refused' }, (response) => response.resume().once('end', resolve))
      .once('error', reject)
      .end()
  })
}

test('a request that was answered is let go when the next one comes', async () => {
  const { seen, port } = await listening()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  atEnd(() => agent.destroy())
  for (let sent = 0; sent < 100; sent++) await get(port, agent)
  collectGarbage()
  const alive = seen.filter((each) => each.deref() !== undefined)
  expect([seen.length, alive.length <= 2]).toEqual([100, true])
})
