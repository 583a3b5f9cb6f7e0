import { setTimeout as pause } from 'node:timers/promises'
import type { TcpProxy } from '../../network/tcp-proxy'
import type { Fault, Stage } from './fault'
import { seen } from './seen'

const cutWithinBytes = 20_000
const lateMs = 200
const narrowBytesPerSecond = 20_000
const flapEveryMs = 200

/** Of one service, by the seed. */
const pathOf = ({ paths, random }: Stage): TcpProxy => (random() < 0.5 ? paths[0] : paths[1])

/** Harm to what passes; over once some of it was met. */
function toWhatPasses(begin: (path: TcpProxy, random: () => number) => void, end: (path: TcpProxy) => void): Fault {
  return (stage) => {
    const path = pathOf(stage)
    const before = path.harmed()
    begin(path, stage.random)
    const over = async () => {
      await seen('nothing met it on the path to the broker', () => path.harmed() > before)
      end(path)
    }
    return Promise.resolve(over)
  }
}

/** After so many bytes, most likely inside a frame. */
export const connectionCut = toWhatPasses(
  (path, random) => path.cutAfterBytes(1 + Math.floor(random() * cutWithinBytes)),
  (path) => path.cutAfterBytes(Infinity),
)

/** Nothing arrives any more, one way or both, and nobody is told. */
export const halfOpen = toWhatPasses(
  (path, random) => path.swallow(random() < 0.5 ? ['to client'] : ['to server', 'to client']),
  (path) => path.resume(),
)

export const slowNetwork = toWhatPasses(
  (path) => path.delay(lateMs),
  (path) => path.delay(0),
)

export const narrowNetwork = toWhatPasses(
  (path) => path.throttle(narrowBytesPerSecond),
  (path) => path.throttle(Infinity),
)

/**
 * A bit error in the first byte that either side says on a new connection. Later it could fall into a body, where nothing
 * in AMQP would notice; there it is for TCP and TLS to find.
 */
export const handshakeCorrupted = toWhatPasses(
  (path, random) => {
    path.cut()
    path.flipByte(random() < 0.5 ? 'to client' : 'to server')
  },
  () => {},
)

/** Harm to connections; over once one more was tried. */
function toConnections(begin: (path: TcpProxy) => void, end: (path: TcpProxy) => void): Fault {
  return (stage) => {
    const path = pathOf(stage)
    const before = path.tried()
    begin(path)
    const over = async () => {
      await seen('nobody tried to connect to the broker again', () => path.tried() > before)
      end(path)
    }
    return Promise.resolve(over)
  }
}

/** As behind a firewall that rejects, or where the port has moved. */
export const brokerRefused = toConnections(
  (path) => {
    path.refuse()
    path.cut()
  },
  (path) => path.accept(),
)

/** The port is open, and nothing behind it says a word. */
export const handshakeSilent = toConnections(
  (path) => {
    path.cut()
    path.swallow()
  },
  (path) => path.resume(),
)

/** Each connection lives for a moment only. */
export const networkFlapping: Fault = async (stage) => {
  const path = pathOf(stage)
  const before = path.tried()
  const timer = setInterval(() => path.cut(), flapEveryMs)
  const over = async () => {
    try {
      await seen('nobody tried to connect to the broker twice', () => path.tried() > before + 1)
    } finally {
      clearInterval(timer)
    }
  }
  await pause(flapEveryMs)
  return over
}
