/** A peer that takes a connection and never comes to the end of the handshake: it is left for the next host. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { inOrder, openRabbitmq, type Told } from '../contract/open-rabbitmq'
import { freshGroups, listen } from '../contract/transport-fixtures'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { figure, figureWithin } from '../support/figures'
import { howMany } from '../support/how-many'
import { proxiedBroker } from '../support/proxied-broker'
import { percentile } from './percentile'
import { seededRandom } from '../../shared/verification/seeded-random'

const broker = useBroker()

// The head of a frame on channel 0, as long as is allowed: nothing in it is wrong.
const longFrame = Buffer.from('010000000fffff', 'hex')

interface Peer {
  readonly host: string
  /** Connections whose other side is still there: one that has ended but would still listen is. */
  open(): number
}

/** Listens on a free port; closed at the end of the test. */
async function startPeer(greet: (socket: Socket) => void): Promise<Peer> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket.on('error', () => {}).once('close', () => sockets.delete(socket)))
    // Where nobody is left, a word is answered by a reset.
    socket.once('end', () => sayEach(50, socket, () => 0))
    greet(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  atEnd(() => {
    sockets.forEach((socket) => socket.destroy())
    server.close()
  })
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, open: () => sockets.size }
}

function sayEach(ms: number, socket: Socket, next: () => number): void {
  const saying = setInterval(() => socket.write(Buffer.of(next())), ms)
  socket.once('close', () => clearInterval(saying))
}

/** Says one byte each second, for ever. */
function trickling(): Promise<Peer> {
  return startPeer((socket) => {
    let said = 0
    socket.resume()
    sayEach(1_000, socket, () => longFrame[said++] ?? 0)
  })
}

/** The broker itself, of whose words only so many bytes arrive. */
function mutedAfter(bytes: number): Promise<Peer> {
  const { hostname, port } = new URL(broker.url)
  return startPeer((socket) => {
    const target = connect(Number(port), hostname).on('error', () => {})
    socket.pipe(target)
    socket.once('close', () => target.destroy())
    let left = bytes
    target.on('data', (said: Buffer) => {
      if (left > 0) socket.write(said.subarray(0, left))
      left -= said.length
    })
  })
}

// The head of a method: of the class exchange, declare.
const exchangeDeclare = Buffer.of(0, 40, 0, 10)

/** The broker itself, which opens connections and channels, and never answers a declaration. */
function deafToDeclarations(): Promise<Peer> {
  const { hostname, port } = new URL(broker.url)
  return startPeer((socket) => {
    const target = connect(Number(port), hostname).on('error', () => {})
    socket.once('close', () => target.destroy())
    target.pipe(socket)
    let isDeaf = false
    socket.on('data', (asked: Buffer) => {
      isDeaf ||= asked.includes(exchangeDeclare)
      if (!isDeaf) target.write(asked)
    })
  })
}

/** Connects with the peer as the first host and the broker as the second; answers with how long that took, and why. */
async function passedOver(peer: Peer) {
  const startedAt = performance.now()
  const { transport, told } = await openRabbitmq(`amqp://${peer.host},${broker.url}`, freshGroups().all, inOrder)
  await eventually('the next host was taken', () => transport.status().publishing.ok)
  const ms = performance.now() - startedAt
  await eventually('no socket to the peer is left', () => peer.open() === 0)
  return { ms, reasons: told.links.filter(({ state }) => state === 'down').map(({ detail }) => detail) }
}

test('a peer that trickles bytes for ever holds nobody: it is left at a deadline', async () => {
  const { ms, reasons } = await passedOver(await trickling())
  figure('a peer that trickles passed over after', ms, 'ms')
  expect(ms).toBeLessThan(15_000)
  expect(reasons).toEqual([
    expect.stringMatching(/^127\.0\.0\.1:\d+: no answer to "open a connection" within 8000 ms$/),
  ])
})

test('a transport that is closed meanwhile does not wait for the deadline', async () => {
  const { proxy, url } = await proxiedBroker(broker.url)
  const peer = await trickling()
  const groups = freshGroups()
  const { transport } = await openRabbitmq(`${url},amqp://${peer.host}`, groups.all, inOrder)
  await listen(transport, groups.payments)
  proxy.refuse()
  proxy.cut()
  await eventually('both connections wait for the peer', () => peer.open() === 2)
  const startedAt = performance.now()
  await transport.close()
  figureWithin('closed in the middle of a handshake after', startedAt, 4_000)
  await eventually('no socket to the peer is left', () => peer.open() === 0)
})

test('a broker that goes silent after any byte of the handshake is left for the next host', async () => {
  const seeds = Array.from({ length: howMany({ sampled: 8, long: 80 }) }, (_, seed) => seed + 1)
  // RabbitMQ says about 560 bytes until the connection is open; what comes then are answers to declarations.
  const cuts = seeds.map((seed) => Math.floor(seededRandom(seed)() * 700))
  // Side by side, since each waits for the same silence.
  const each = await Promise.all(cuts.map(async (bytes) => passedOver(await mutedAfter(bytes))))
  const times = each.map(({ ms }) => ms)
  figure('a broker gone silent in the handshake passed over after, p99', percentile(times, 99), 'ms')
  expect(percentile(times, 100)).toBeLessThan(20_000)
  expect(each.flatMap(({ reasons }) => reasons).filter((why) => !/ETIMEDOUT|no answer to/.test(why))).toEqual([])
})

test('a node that answers no declaration, when another host is lost, is left for the next one at once', async () => {
  const { proxy, url } = await proxiedBroker(broker.url)
  const peer = await deafToDeclarations()
  const { transport, told } = await openRabbitmq(`${url},amqp://${peer.host},${broker.url}`, freshGroups().all, inOrder)
  await eventually('it is ready', () => transport.status().publishing.ok)
  proxy.refuse()
  proxy.cut()
  const cutAt = performance.now()
  await eventually('it is at the third host', () => isPublishingAt(told, new URL(broker.url).host))
  figureWithin('a node that answers no declaration passed over after', cutAt, 4_000)
  const reasons = told.links.filter(({ state }) => state === 'down').map(({ detail }) => detail)
  expect(reasons).toContainEqual(expect.stringMatching(/no answer to "look for exchange .+" within \d+ ms$/))
})

function isPublishingAt({ links }: Told, host: string): boolean {
  const last = links.findLast(({ name }) => name === 'test-publish')
  return last?.state === 'ready' && last.detail.endsWith(host)
}
