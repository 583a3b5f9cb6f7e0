import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { newMessageId } from '../../services/producer/message-id'
import { serviceArguments } from '../service-arguments'
import type { Consumer, Fill, Publisher } from './contestant'
import type { Place } from './places'
import { orderBody, paymentBody, webhookBody } from './sample-bodies'

/** A kind of message, and the group that takes it. */
export interface Line {
  readonly type: string
  readonly group: string
  readonly body: (serial: number) => string
}

export const payments: Line = { type: 'payment.capture', group: 'payments', body: paymentBody }
export const orders: Line = { type: 'order.placed', group: 'ledger', body: orderBody }
/** One queue and one row, as with the others, and of any size. */
export const webhooks: Line = { type: 'webhook.received', group: 'webhooks', body: (serial) => webhookBody(serial) }

const namespace = 'bench'

/** The built producer, with checks, metrics and store; silent, since the bare server logs nothing either. */
export function handoffProducer(place: Place, storeUrl: string): Publisher {
  return producerOf(place, { name: 'Handoff', namespace, storeUrl, line: payments })
}

/** A store that a consumer is measured with. */
export interface NamedStore {
  readonly name: string
  readonly url: string
}

/** The built consumer with its `ledger` group: each order becomes a row, together with the inbox's. */
export function handoffConsumer(place: Place, { name, url }: NamedStore): Consumer {
  const own = { name: `Handoff, ${name}`, namespace: namespaceOf(name), storeUrl: url, line: orders }
  return consumerOf(place, own)
}

/** The same of another build, which runs beside this one. */
export function handoffProducerBefore(place: Place, storeUrl: string): Publisher {
  return producerOf(place, { name: 'Handoff, before', namespace: namespaceOf('before'), storeUrl, line: payments })
}

/** The same of another build, which runs beside this one. */
export function handoffConsumerBefore(place: Place, { name, url }: NamedStore): Consumer {
  return handoffConsumer(place, { name: `${name}, before`, url })
}

/** The consumer's parts without a store. */
export function handoffWithoutInbox(place: Place): Consumer {
  const own = namespaceOf('without')
  const child = join(place.root, 'scripts', 'bench', 'consumer-without-inbox-child.ts')
  return {
    name: 'Handoff, no inbox',
    args: [...serviceArguments, '-r', 'ts-node/register/transpile-only', child],
    env: shared(place, own),
    ready: 'said',
    ...queuesOf(own, orders),
    message: (serial) => eventOf(orders, orderBody(serial)),
  }
}

export interface Service {
  readonly name: string
  readonly namespace: string
  readonly storeUrl: string
  readonly line: Line
  /** What its messages are; the smallest sample of the kind when it is not given. */
  readonly body?: (serial: number) => string
  /** Settings beside the defaults. */
  readonly env?: Readonly<Record<string, string>>
}

/** The built producer, by its door for one kind of message. */
export function producerOf(place: Place, { name, namespace, storeUrl, line, env }: Service): Publisher {
  const at = `http://127.0.0.1:${place.port}`
  const spool = join(place.root, '.handoff', 'bench', 'spools', `${namespace}-${place.port}`)
  const own = { STORE_URL: storeUrl, SPOOL_PATH: spool, PRODUCER_PORT: String(place.port) }
  return {
    name,
    args: built(place.root, 'producer'),
    env: { ...shared(place, namespace), ...own, ...env },
    ready: { url: `${at}/readyz` },
    url: `${at}/messages/${line.type}`,
    queue: queuesOf(namespace, line).queue,
  }
}

/** The built consumer with one group. */
export function consumerOf(place: Place, { name, namespace, storeUrl, line, body, env }: Service): Consumer {
  const { port, root } = place
  const bodyOf = body ?? line.body
  const own = { STORE_URL: storeUrl, CONSUMER_PORT: String(port), CONSUMER_GROUPS: line.group }
  return {
    name,
    args: built(root, 'consumer'),
    env: { ...shared(place, namespace), ...own, ...env },
    ready: { url: `http://127.0.0.1:${port}/readyz` },
    ...queuesOf(namespace, line),
    message: (serial) => eventOf(line, bodyOf(serial)),
  }
}

/** A namespace of a contestant's own: several run at once, and each must find its messages alone. */
export function namespaceOf(name: string): string {
  return `${namespace}-${name.toLowerCase().replaceAll(/[ ,]+/g, '-')}`
}

export function queuesOf(namespace: string, { group }: Pick<Line, 'group'>) {
  return { queue: `${namespace}.${group}.v1`, deadLetters: `${namespace}.${group}.dead.v1` }
}

/** As the producer puts it on the wire; ids that sort by time cost a store less than random ones. */
function eventOf({ type }: Line, body: string): Fill {
  const id = newMessageId(Date.now())
  const headers = {
    cloudEvents_specversion: '1.0',
    cloudEvents_id: id,
    cloudEvents_source: '/bench/producer',
    cloudEvents_type: type,
    cloudEvents_time: new Date().toISOString(),
  }
  return { body, properties: { headers, messageId: id, type, contentType: 'application/json' } }
}

function shared({ brokerUrl }: Place, namespace: string) {
  return { BROKER_URL: brokerUrl, NAMESPACE: namespace, LOG_LEVEL: 'silent' }
}

function built(root: string, service: 'producer' | 'consumer'): readonly string[] {
  return [...argumentsIn(root, service), join(root, 'dist', 'services', service, 'main.js')]
}

/** What that build gives Node, which may be what is measured. Without `--import`, which only looks whether it is built. */
export function argumentsIn(root: string, service: 'producer' | 'consumer'): readonly string[] {
  const text = readFileSync(join(root, 'package.json'), 'utf8')
  const { scripts } = JSON.parse(text) as { readonly scripts: Readonly<Record<string, string>> }
  const script = scripts[`start:${service}`] ?? ''
  const [, given] = /^exec node (.*?)--import /.exec(script) ?? []
  if (given === undefined)
    throw new Error(`${root}: "start:${service}" is "${script}", which names no arguments of Node`)
  return given.split(' ').filter((argument) => argument !== '')
}
