import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Consumer, Publisher } from './contestant'

export interface Place {
  readonly root: string
  readonly brokerUrl: string
  readonly port: number
}

const namespace = 'bench'

function shared({ brokerUrl }: Place) {
  return { BROKER_URL: brokerUrl, NAMESPACE: namespace, LOG_LEVEL: 'silent' }
}

function built(root: string, service: string): readonly string[] {
  return ['--enable-source-maps', join(root, 'dist', 'services', service, 'main.js')]
}

/** The built producer, with checks, metrics and store; silent, since the bare server logs nothing either. */
export function handoffProducer(place: Place, storeUrl: string): Publisher {
  const at = `http://127.0.0.1:${place.port}`
  return {
    name: 'Handoff',
    args: built(place.root, 'producer'),
    env: { ...shared(place), STORE_URL: storeUrl, PRODUCER_PORT: String(place.port) },
    ready: { url: `${at}/readyz` },
    url: `${at}/messages/payment.capture`,
    queue: `${namespace}.payments.v1`,
  }
}

/** A store that a consumer is measured with. */
export interface NamedStore {
  readonly name: string
  readonly url: string
}

/** The built consumer with its `ledger` group: each order becomes a row, together with the inbox's. */
export function handoffConsumer(place: Place, { name, url }: NamedStore): Consumer {
  const { port, root } = place
  const own = ownNamespace(name)
  return {
    name: `Handoff, ${name}`,
    args: built(root, 'consumer'),
    env: { ...shared(place), ...own.env, STORE_URL: url, CONSUMER_PORT: String(port), CONSUMER_GROUPS: 'ledger' },
    ready: { url: `http://127.0.0.1:${port}/readyz` },
    ...own.queues,
    message: orderEvent,
  }
}

/** The consumer's parts without a store. */
export function handoffWithoutInbox(place: Place): Consumer {
  const own = ownNamespace('without')
  const child = join(place.root, 'scripts', 'bench', 'consumer-without-inbox-child.ts')
  return {
    name: 'Handoff, no inbox',
    args: ['-r', 'ts-node/register/transpile-only', child],
    env: { ...shared(place), ...own.env },
    ready: 'said',
    ...own.queues,
    message: orderEvent,
  }
}

// All run at once, and each must find its messages alone.
function ownNamespace(name: string) {
  const ns = `${namespace}-${name.toLowerCase()}`
  return { env: { NAMESPACE: ns }, queues: { queue: `${ns}.ledger.v1`, deadLetters: `${ns}.ledger.dead.v1` } }
}

/** As the producer puts it on the wire. */
function orderEvent(serial: number) {
  const id = randomUUID()
  const headers = {
    cloudEvents_specversion: '1.0',
    cloudEvents_id: id,
    cloudEvents_source: '/bench/producer',
    cloudEvents_type: 'order.placed',
    cloudEvents_time: new Date().toISOString(),
  }
  const properties = { headers, messageId: id, type: 'order.placed', contentType: 'application/json' }
  return { body: orderBody(serial), properties }
}

export function orderBody(serial: number): string {
  return JSON.stringify({ orderId: `B-${serial}-${randomUUID()}`, customerEmail: 'ada@example.com', amountCents: 4200 })
}

/** What is posted to every publisher. */
export function paymentBody(): string {
  return JSON.stringify({ paymentId: randomUUID(), amountCents: 4200 })
}
