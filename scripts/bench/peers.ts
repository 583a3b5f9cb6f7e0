import { join } from 'node:path'
import { readConfig } from '../../services/consumer/config'
import { limitsFor } from '../../services/consumer/limits'
import { yardstick, type Consumer, type Pair, type Publisher } from './contestant'
import type { Place } from './places'
import { orderBody } from './sample-bodies'

interface Peer {
  readonly name: string
  /** In bench/peers. */
  readonly file: string
  /** Wraps a body as this peer's framework expects it on the queue. */
  readonly wrap?: (body: string) => string
  /** Sends what Handoff sends, not only a body. */
  readonly sends?: 'whole messages'
}

const bare: Peer = { name: yardstick, file: 'bare.mjs' }
const rabbitmqClient: Peer = { name: 'rabbitmq-client', file: 'rabbitmq-client.mjs' }
const connectionManager: Peer = { name: 'amqp-connection-manager', file: 'amqp-connection-manager.mjs' }

/** The yardstick, and what a team would take in place of Handoff. */
export const peers: readonly Peer[] = [
  bare,
  rabbitmqClient,
  connectionManager,
  { name: 'rascal', file: 'rascal.mjs' },
  { name: 'NestJS', file: 'nestjs.mjs', wrap: (body) => `{"pattern":"message","data":${body}}` },
]

/** All that publish. What a message bears has its price as well, so those that are fastest with a body alone come twice. */
export const publishingPeers: readonly Peer[] = [
  ...peers,
  ...[{ ...bare, name: 'bare' }, rabbitmqClient, connectionManager].map(withWholeMessages),
]

function withWholeMessages(peer: Peer): Peer {
  return { ...peer, name: `${peer.name}, whole message`, sends: 'whole messages' }
}

/** As many as Handoff's consumer has outstanding by default. */
const { CONCURRENCY, BODY_LIMIT } = readConfig({ environment: {} })
export const { prefetch } = limitsFor(CONCURRENCY, BODY_LIMIT)

export function peerPublisher({ name, file, sends }: Peer, place: Place): Publisher {
  const { env, queue, ...rest } = common(file, 'publish', place)
  const url = `http://127.0.0.1:${place.port}/`
  if (sends === undefined) return { ...rest, name, url, queue, env }
  const own = `${queue}.whole`
  return { ...rest, name, url, queue: own, env: { ...env, QUEUE: own, MESSAGE: 'whole' } }
}

export function peerConsumer({ name, file, wrap = (body) => body }: Peer, place: Place): Consumer {
  const properties = { contentType: 'application/json' }
  return {
    ...common(file, 'consume', place),
    name,
    message: (serial) => ({ body: wrap(orderBody(serial)), properties }),
  }
}

/** The yardstick's two halves, each with a queue of its own, the publisher in the first place. */
export function bareHalves(places: readonly [Place, Place]) {
  return { publisher: peerPublisher(bare, places[0]), consumer: peerConsumer(bare, places[1]) }
}

/** The same on one queue. */
export function barePair(places: readonly [Place, Place]): Pair {
  const queue = 'bench.pair.bare'
  const on = <C extends Publisher | Consumer>(half: C): C => ({ ...half, queue, env: { ...half.env, QUEUE: queue } })
  const { publisher, consumer } = bareHalves(places)
  return { name: yardstick, publisher: on(publisher), consumer: on(consumer) }
}

function common(file: string, job: 'publish' | 'consume', { root, brokerUrl, port }: Place) {
  const queue = `bench.${job}.${file.replace('.mjs', '')}`
  return {
    args: [join(root, 'bench', 'peers', file), job],
    env: { BROKER_URL: brokerUrl, QUEUE: queue, PORT: String(port), PREFETCH: String(prefetch) },
    ready: 'said' as const,
    queue,
  }
}
