import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { carry, type Direction, type PathMood } from './proxy-flow'
import { reset } from './reset'

/** A path to a server that can be broken in the ways in which a network breaks. */
export interface TcpProxy {
  readonly port: number
  /** Connections that were tried so far, those that were refused too. */
  tried(): number
  /** Pieces of data that did not pass as they came: held, delayed, slowed down, turned over or cut. */
  harmed(): number
  /** Resets every connection, on both sides. */
  cut(): void
  /** Ends every connection in order, on both sides. */
  hangUp(): void
  /** Resets every new connection; those that are there go on. */
  refuse(): void
  accept(): void
  /** Half-open: nothing passes, either way or one way, and nobody is told. What is sent meanwhile is held until `resume`. */
  swallow(directions?: readonly Direction[]): void
  resume(): void
  /** Passes so many more bytes to the server, then cuts: most likely inside a frame. */
  cutAfterBytes(count: number): void
  /** From now on each piece of data, either way, arrives so much later; 0 ends it. */
  delay(ms: number): void
  /** A narrow path, for each connection and direction; `Infinity` ends it. */
  throttle(bytesPerSecond: number): void
  /** Turns over each bit of the next byte that passes. */
  flipByte(direction: Direction): void
  close(): Promise<void>
}

export interface ProxyTarget {
  readonly targetPort: number
  /** Default 127.0.0.1. */
  readonly targetHost?: string
}

/** Listens on a free port of 127.0.0.1 until it is closed. */
export async function startProxy(proxied: ProxyTarget): Promise<TcpProxy> {
  const mood = calm()
  const sockets = new Set<Socket>()
  let tried = 0
  const cut = () => sockets.forEach(reset)
  const server = createServer((client) => {
    tried++
    join(client, proxied, mood, sockets)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const close = async () => {
    mood.silence.forEach(({ resolve }) => resolve())
    mood.entrance = 'closed'
    cut()
    if (server.listening) await once(server.close(), 'close')
  }
  return {
    port: (server.address() as AddressInfo).port,
    tried: () => tried,
    harmed: () => mood.harmed,
    cut,
    hangUp: () => sockets.forEach((socket) => socket.destroy()),
    close,
    ...switchesOf(mood),
  }
}

function calm(): PathMood {
  return {
    entrance: 'open',
    silence: new Map(),
    flips: new Set(),
    bytesLeft: Infinity,
    delayMs: 0,
    bytesPerSecond: Infinity,
    harmed: 0,
  }
}

function join(client: Socket, { targetPort, targetHost = '127.0.0.1' }: ProxyTarget, mood: PathMood, all: Set<Socket>) {
  client.on('error', () => {})
  if (mood.entrance === 'closed') return reset(client)
  const server = connect({ port: targetPort, host: targetHost })
  const cut = () => all.forEach(reset)
  for (const socket of [client, server]) {
    all.add(socket)
    socket.on('error', () => {}).once('close', () => all.delete(socket))
  }
  void carry({ from: client, to: server, direction: 'to server' }, mood, cut)
  void carry({ from: server, to: client, direction: 'to client' }, mood, cut)
}

function switchesOf(mood: PathMood): Omit<TcpProxy, 'port' | 'tried' | 'harmed' | 'cut' | 'hangUp' | 'close'> {
  return {
    refuse: () => void (mood.entrance = 'closed'),
    accept: () => void (mood.entrance = 'open'),
    swallow: (directions = ['to server', 'to client']) => {
      for (const direction of directions)
        if (!mood.silence.has(direction)) mood.silence.set(direction, Promise.withResolvers())
    },
    resume: () => {
      mood.silence.forEach(({ resolve }) => resolve())
      mood.silence.clear()
    },
    cutAfterBytes: (count) => void (mood.bytesLeft = count),
    delay: (ms) => void (mood.delayMs = ms),
    throttle: (bytesPerSecond) => void (mood.bytesPerSecond = bytesPerSecond),
    flipByte: (direction) => void mood.flips.add(direction),
  }
}
