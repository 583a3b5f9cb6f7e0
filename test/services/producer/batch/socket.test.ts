/** Batches over sockets, and what callers do to them. */
import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { atEnd } from '../../../support/ends'
import { eventually } from '../../../support/eventually'
import { openDoor, type Door, type DoorOptions } from '../door'

const event = (id: string) =>
  JSON.stringify({
    specversion: '1.0',
    id,
    source: '/shop',
    type: 'payment.capture',
    data: { paymentId: id, amountCents: 1 },
  })
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
const head =
  'POST /messages HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n'

interface Talk {
  readonly socket: Socket
  readonly heard: () => string
  readonly closed: Promise<unknown>
}

async function talkTo(door: Door): Promise<Talk> {
  const { port } = door.app.server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  atEnd(() => socket.destroy())
  socket.on('error', () => undefined)
  let heard = ''
  socket.on('data', (bytes) => (heard += bytes.toString()))
  await once(socket, 'connect')
  return { socket, heard: () => heard, closed: once(socket, 'close') }
}

async function listening(options: DoorOptions = {}): Promise<Door> {
  const door = await openDoor(options)
  await door.app.listen({ port: 0, host: '127.0.0.1' })
  return door
}

/** A door at which a publish is confirmed when the test says so. */
async function withSlowBroker() {
  const confirm = Promise.withResolvers<void>()
  const publish = async () => {
    await confirm.promise
    return { outcome: 'confirmed' as const, detail: 'confirmed' }
  }
  return { door: await listening({ publish }), confirm: confirm.resolve }
}

test.each([
  ['half closes', (socket: Socket) => socket.end()],
  ['sends what is no chunk', (socket: Socket) => socket.write('nonsense\r\n')],
])('a sender who %s in the middle is not told that nothing was published', async (_, act) => {
  const { door, confirm } = await withSlowBroker()
  const talk = await talkTo(door)
  talk.socket.write(head + chunk(`${event('1')}\n`))
  await eventually('the event is on its way', () => door.published.length === 1)
  act(talk.socket)
  await talk.closed
  confirm()
  expect(talk.heard()).not.toContain('HTTP/1.1 4')
})

test('a producer that stops waits for the confirms of a batch, and tells of them', async () => {
  const { door, confirm } = await withSlowBroker()
  const talk = await talkTo(door)
  talk.socket.write(head + chunk(`${event('1')}\n${event('2')}\n`))
  await eventually('both are on their way', () => door.published.length === 2)
  const closing = door.app.close()
  // The fact that is waited for is a second that has passed: a connection on which nothing is at work would be cut then.
  setTimeout(confirm, 1_500)
  await closing
  await talk.closed
  expect(talk.heard()).toMatch(/"position":1,"status":202[^]*"position":2,"status":202[^]*"position":3.*"status":503/)
})

test('a request behind a batch on one connection is not done: its answer could not be heard', async () => {
  const door = await listening()
  const talk = await talkTo(door)
  const single = JSON.stringify({ paymentId: 'behind', amountCents: 1 })
  const behind = `POST /messages/payment.capture HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${single.length}\r\n\r\n${single}`
  talk.socket.write(`${head}${chunk(`${event('1')}\n`)}0\r\n\r\n${behind}`)
  await talk.closed
  expect(talk.heard()).toContain('"position":1,"status":202')
  expect(door.published.map(({ envelope }) => envelope.id)).toEqual(['1'])
})

test('what is sent behind a break is dropped, and the answer heard', async () => {
  const door = await listening()
  const talk = await talkTo(door)
  talk.socket.write(head.replace('x-ndjson', 'cloudevents-batch+json') + chunk(`[${event('1')} x`))
  for (let at = 0; at < 64; at++) talk.socket.write(chunk('y'.repeat(65_536)))
  talk.socket.write('0\r\n\r\n')
  await talk.closed
  expect(talk.heard()).toMatch(/"position":1,"status":202[^]*"position":2.*"code":"unreadable-body"/)
})

test('a batch that is refused before it is read ends its connection', async () => {
  const talk = await talkTo(await listening())
  talk.socket.write(head.replace('host: a\r\n', 'host: a\r\nidempotency-key: k\r\n') + chunk(event('1')))
  await talk.closed
  expect(talk.heard()).toMatch(/^HTTP\/1\.1 400 [^]*connection: close/i)
})

test('blank lines leave nothing behind', async () => {
  const talk = await talkTo(await listening())
  talk.socket.write(head)
  const blank = chunk('\n'.repeat(65_536))
  const send = async (times: number) => {
    for (let at = 0; at < times; at++) if (!talk.socket.write(blank)) await once(talk.socket, 'drain')
    return process.memoryUsage().heapUsed
  }
  const before = await send(16)
  // A Buffer for each of four million lines would take 400 MB.
  expect((await send(64)) - before).toBeLessThan(150_000_000)
  talk.socket.write(`${chunk(event('1'))}0\r\n\r\n`)
  await talk.closed
  expect(talk.heard()).toContain('"position":1,"status":202')
})
