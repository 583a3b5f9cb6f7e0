import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { tryLogin } from '../../../scripts/broker/amqp-login'
import { atEnd } from '../../support/ends'
import { eventually } from '../../support/eventually'
import { livedClock } from '../../support/lived'

/** Something that listens but is no broker. */
async function stranger(greet: (socket: Socket) => void) {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}).resume())
    greet(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  atEnd(() => {
    sockets.forEach((socket) => socket.destroy())
    server.close()
  })
  return { url: `amqp://guest:pa%2Fss@127.0.0.1:${(server.address() as AddressInfo).port}`, sockets }
}

test('a closed port is said to be one', async () => {
  const why = 'nothing listens there (connection refused)'
  expect(await tryLogin('amqp://guest:guest@127.0.0.1:1', 2_000)).toEqual({ ok: false, why })
  expect(await tryLogin('amqp://guest:guest@localhost:1', 2_000)).toEqual({ ok: false, why })
})

test('a silent peer is given up at the deadline, and its socket is closed', async () => {
  const { url, sockets } = await stranger(() => {})
  const lived = livedClock()
  expect(await tryLogin(url, 300)).toEqual({ ok: false, why: expect.stringMatching(/no answer|ETIMEDOUT/) as string })
  expect(lived.now()).toBeLessThan(2_000)
  await eventually('the socket is closed', () => sockets[0]?.readableEnded || sockets[0]?.destroyed)
})

test('a peer that trickles is given up at the deadline too', async () => {
  const { url } = await stranger((socket) => {
    const drip = setInterval(() => socket.write(Buffer.from([1])), 50)
    socket.once('close', () => clearInterval(drip))
  })
  const lived = livedClock()
  expect((await tryLogin(url, 400)).ok).toBe(false)
  expect(lived.now()).toBeLessThan(2_000)
})

test.each(['HTTP/1.1 400 Bad Request\r\n\r\n', '\0\0\0\0\0\0\0\0\0\0'])(
  'a peer that speaks otherwise is no broker',
  async (words) => {
    const { url } = await stranger((socket) => socket.end(words))
    expect((await tryLogin(url, 1_000)).ok).toBe(false)
  },
)

test.each(['amqp://user:se/cret@host', 'http://user:secret@host', 'amqp://user:secret@no.such.host.invalid', 'secret'])(
  'the answer to %s holds no password',
  async (url) => {
    const result = await tryLogin(url, 2_000)
    expect(result.ok).toBe(false)
    expect(JSON.stringify(result)).not.toContain('cret')
  },
)
