/** More connections than a server takes: the surplus is closed at once, and a place that is given up is taken again. */
import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { atEnd } from '../../support/ends'
import { eventually } from '../../support/eventually'
import { createApp } from './http-app'

function opener(port: number): () => Socket {
  return () => {
    const socket = connect(port, '127.0.0.1')
      .on('error', () => {})
      .resume()
    atEnd(() => socket.destroy())
    return socket
  }
}

/** Whether a request on this connection is answered; false when it is closed instead. */
async function isAnswered(socket: Socket): Promise<boolean> {
  socket.write('GET /nothing HTTP/1.1\r\nhost: a\r\n\r\n')
  const answer = once(socket, 'data').then(() => true)
  const closed = once(socket, 'close').then(() => false)
  return Promise.race([answer, closed])
}

test('a server takes 2 000 connections', () => {
  expect(createApp().server.maxConnections).toBe(2_000)
})

test('what is over the limit is closed at once; those that are open go on, and a place that is given up is taken', async () => {
  const app = createApp()
  app.server.maxConnections = 5
  await app.listen({ port: 0, host: '127.0.0.1' })
  const open = opener((app.server.address() as AddressInfo).port)
  const within: Socket[] = []
  for (let count = 0; count < 5; count++) {
    const accepted = once(app.server, 'connection')
    within.push(open())
    await accepted
  }
  const surplus = Array.from({ length: 20 }, open)
  // Long before the five seconds that a silent connection has.
  await eventually('the surplus is closed', () => surplus.every(({ closed }) => closed), { withinMs: 3_000 })
  for (const socket of within) expect(await isAnswered(socket)).toBe(true)
  within[0]?.destroy()
  await eventually('the next one is let in', () => isAnswered(open()))
})
