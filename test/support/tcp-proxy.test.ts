import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { atEnd } from './ends'
import { eventually } from './eventually'
import { livedClock } from './lived'
import { startProxy } from './tcp-proxy'

/** A server that answers what it gets, and a way to reach it through a proxy. */
async function throughProxy() {
  const heard: Buffer[] = []
  const there: Socket[] = []
  const server = createServer((socket) => {
    there.push(socket)
    socket.on('error', () => {}).on('data', (chunk) => heard.push(chunk))
    socket.pipe(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  atEnd(() => server.close())
  const proxy = await startProxy({ targetPort: (server.address() as AddressInfo).port })
  const text = () => Buffer.concat(heard).toString()
  return { proxy, there, text, client: () => open(proxy.port) }
}

async function open(port: number) {
  const socket = connect({ port, host: '127.0.0.1' })
  const got: Buffer[] = []
  let ended = ''
  socket.on('data', (chunk) => got.push(chunk))
  socket.on('error', (error: NodeJS.ErrnoException) => (ended = error.code ?? 'error'))
  socket.once('close', () => (ended ||= 'closed'))
  atEnd(() => socket.destroy())
  await once(socket, 'connect')
  return { socket, text: () => Buffer.concat(got).toString(), ended: () => ended }
}

// The reset may come before the client has seen its own connect.
const codeOf = (error: NodeJS.ErrnoException) => error.code

test('tells how often it has done harm', async () => {
  const { client, proxy } = await throughProxy()
  const { socket, text } = await client()
  socket.write('a')
  await eventually('the first answer', () => text() === 'a')
  expect(proxy.harmed()).toBe(0)
  proxy.delay(1)
  socket.write('b')
  await eventually('the second answer', () => text() === 'ab')
  expect(proxy.harmed()).toBeGreaterThan(0)
})

test('carries both ways, and passes an end on', async () => {
  const { client, there } = await throughProxy()
  const { socket, text, ended } = await client()
  socket.write('hello')
  await eventually('the echo', () => text() === 'hello')
  socket.end()
  await eventually('the end', () => ended() === 'closed' && there[0]?.destroyed)
})

test('cut resets both sides', async () => {
  const { client, proxy, there } = await throughProxy()
  const { socket, text, ended } = await client()
  socket.write('hello')
  await eventually('the echo', () => text() === 'hello')
  proxy.cut()
  await eventually('the reset', () => ended() === 'ECONNRESET' && there[0]?.destroyed)
})

test('refuse lets nobody new in, and accept does again', async () => {
  const { client, proxy } = await throughProxy()
  const old = await client()
  proxy.refuse()
  expect(await client().then(({ ended }) => eventually('the reset', ended), codeOf)).toBe('ECONNRESET')
  old.socket.write('still here')
  await eventually('the echo', () => old.text() === 'still here')
  proxy.accept()
  const fresh = await client()
  fresh.socket.write('hello')
  await eventually('the echo', () => fresh.text() === 'hello')
})

test('swallow is silence both ways, for new connections too; nothing is lost after resume', async () => {
  const { client, proxy, text: heard } = await throughProxy()
  const old = await client()
  proxy.swallow()
  const fresh = await client()
  old.socket.write('one')
  fresh.socket.write('two')
  await pause(200)
  expect([heard(), old.text(), fresh.text(), old.ended(), fresh.ended()]).toEqual(['', '', '', '', ''])
  proxy.resume()
  await eventually('the echoes', () => old.text() === 'one' && fresh.text() === 'two')
})

test('cutAfterBytes lets exactly so many bytes through', async () => {
  const { client, proxy, text: heard, there } = await throughProxy()
  const { socket, ended } = await client()
  proxy.cutAfterBytes(7)
  socket.write('hello')
  await eventually('the first bytes', () => heard() === 'hello')
  socket.write('world')
  await eventually('the cut', () => ended() !== '' && there[0]?.destroyed)
  expect(heard()).toBe('hellowo')
})

test('delay holds what passes', async () => {
  const { client, proxy } = await throughProxy()
  const { socket, text } = await client()
  proxy.delay(150)
  const startedAt = performance.now()
  socket.write('hello')
  await eventually('the echo', () => text() === 'hello')
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(299)
})

test('what is delayed travels side by side: a distant server is no slow one', async () => {
  const { client, proxy } = await throughProxy()
  const { socket, text } = await client()
  proxy.delay(200)
  const lived = livedClock()
  for (let piece = 0; piece < 10; piece++) {
    socket.write(String(piece))
    await pause(10)
  }
  await eventually('the echoes', () => text() === '0123456789')
  expect(lived.now()).toBeLessThan(10 * 2 * 200)
})

test('swallow can be one way', async () => {
  const { client, proxy, text: heard } = await throughProxy()
  const { socket, text } = await client()
  proxy.swallow(['to client'])
  socket.write('hello')
  await eventually('it was heard', () => heard() === 'hello')
  expect(text()).toBe('')
  proxy.resume()
  await eventually('the echo', () => text() === 'hello')
})

test('throttle lets so many bytes a second through', async () => {
  const { client, proxy } = await throughProxy()
  const { socket, text } = await client()
  proxy.throttle(2_000)
  const startedAt = performance.now()
  socket.write('x'.repeat(1_000))
  await eventually('the echo', () => text().length === 1_000)
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(490)
})

test('flipByte turns over one byte, one way', async () => {
  const { client, proxy, text: heard } = await throughProxy()
  const { socket, text } = await client()
  proxy.flipByte('to client')
  socket.write('hello')
  await eventually('the echo', () => text().length > 0)
  expect([heard(), text()]).toEqual(['hello', '\ufffdello'])
})

test('hangUp ends both sides without a reset', async () => {
  const { client, proxy, there } = await throughProxy()
  const { ended } = await client()
  await eventually('the server has met it', () => there.length === 1)
  proxy.hangUp()
  await eventually('the end', () => ended() !== '' && there[0]?.destroyed)
  expect([ended(), proxy.tried()]).toEqual(['closed', 1])
})

test('close ends everything and may be called twice', async () => {
  const { client, proxy } = await throughProxy()
  const { ended } = await client()
  proxy.swallow()
  await proxy.close()
  await proxy.close()
  await eventually('the end', () => ended() !== '')
  await expect(open(proxy.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})
