import type { BenchParts } from './bench-row'
import { yardstick, type Consumer, type Contestant, type Pair, type Publisher } from './contestant'
import {
  consumerOf,
  handoffConsumer,
  handoffConsumerBefore,
  handoffProducer,
  handoffProducerBefore,
  handoffWithoutInbox,
  namespaceOf,
  producerOf,
  webhooks,
  type NamedStore,
} from './handoff'
import { bareHalves, barePair, peerConsumer, peerPublisher, peers, publishingPeers } from './peers'
import { placeAt, placesFor, sqliteUrl, type Place } from './places'
import { asItIs, producersOf, withoutJournal } from './variants'

/** All that publish over HTTP. */
export async function publishers(parts: BenchParts): Promise<readonly Publisher[]> {
  const places = await placesFor(publishingPeers.length + 2, parts)
  const all = publishingPeers.map((peer, at) => peerPublisher(peer, placeAt(places, at)))
  await declareFor(all, parts)
  const own = handoffProducer(placeAt(places, publishingPeers.length), sqliteUrl(parts, 'producer'))
  const before = placesBefore(places.slice(publishingPeers.length + 1), parts)
  const ownBefore = before.map((place) => handoffProducerBefore(place, sqliteUrl(parts, 'producer-before')))
  return chosen([...all, ...ownBefore, own], parts)
}

/** Publishers by amqplib without anything else: one that is fed by the stream, and one that nobody feeds. */
export const streamed = 'bare stream'
export const unfed = 'amqplib alone'

/** Handoff, with a journal and without; a bare server that takes the same stream; amqplib with nobody to feed it, with a whole message and with a body. */
export async function batchPublishers(parts: BenchParts): Promise<readonly Publisher[]> {
  const places = await placesFor(3, parts)
  const whole = { sends: 'whole messages' } as const
  const pipelined = { name: unfed, file: 'pipelined.mjs' }
  const bare = [
    peerPublisher({ name: streamed, file: 'stream.mjs', ...whole }, placeAt(places, 0)),
    peerPublisher({ ...pipelined, name: `${unfed}, whole message`, ...whole }, placeAt(places, 1)),
    peerPublisher(pipelined, placeAt(places, 2)),
  ]
  await declareFor(bare, parts)
  const own = await producersOf([withoutJournal, asItIs], parts)
  return [...bare, ...own.map((producer) => ({ ...producer, url: new URL('/messages', producer.url).href }))]
}

/** All that consume. */
export async function consumers(parts: BenchParts): Promise<readonly Consumer[]> {
  const places = await placesFor(peers.length + 5, parts)
  const others = peers.map((peer, at) => peerConsumer(peer, placeAt(places, at)))
  await declareFor(others, parts)
  const own = places.slice(peers.length)
  const postgres = postgresStore(parts)
  const stores = [{ name: 'SQLite', url: sqliteUrl(parts, 'consumer') }, ...postgres]
  const storesBefore = [{ name: 'SQLite', url: sqliteUrl(parts, 'consumer-before') }, ...postgres]
  const before = placesBefore(own.slice(3, 3 + stores.length), parts)
  const all = [
    ...others,
    ...before.map((place, at) => handoffConsumerBefore(place, storesBefore[at] as NamedStore)),
    handoffWithoutInbox(placeAt(own, 0)),
    ...stores.map((store, at) => handoffConsumer(placeAt(own, 1 + at), store)),
  ]
  return chosen(all, parts)
}

/** Those who were asked for, by how their names begin, and the yardstick, without which there is no ratio. */
function chosen<C extends Contestant>(all: readonly C[], { only }: BenchParts): readonly C[] {
  if (only === undefined) return all
  return all.filter(({ name }) => name === yardstick || only.some((beginning) => name.startsWith(beginning)))
}

/** The same places for the other build; none where there is none. */
function placesBefore(places: readonly Place[], { before }: BenchParts): readonly Place[] {
  return before === undefined ? [] : places.map((place) => ({ ...place, root: before }))
}

/** The yardstick and Handoff, for what is too long to be done by all. */
export async function bothAlone(parts: BenchParts) {
  const places = await placesFor(4, parts)
  const bare = bareHalves([placeAt(places, 0), placeAt(places, 1)])
  await declareFor([bare.publisher, bare.consumer], parts)
  const producer = handoffProducer(placeAt(places, 2), sqliteUrl(parts, 'long-producer'))
  const store = { name: 'SQLite', url: sqliteUrl(parts, 'long-consumer') }
  const consumer = handoffConsumer(placeAt(places, 3), store)
  return {
    publishing: [named(bare.publisher, 'publisher'), named(producer, 'producer')],
    consuming: [named(bare.consumer, 'consumer'), { ...consumer, name: 'Handoff, consumer, SQLite' }],
  }
}

function named<C extends Contestant>(contestant: C, job: string): C {
  return { ...contestant, name: `${contestant.name}, ${job}` }
}

/** The yardstick's publisher with its consumer, and Handoff's two services with each store. */
export async function pairs(parts: BenchParts): Promise<readonly Pair[]> {
  const places = await placesFor(6, parts)
  const two = (at: number) => [placeAt(places, at), placeAt(places, at + 1)] as const
  const bare = barePair(two(0))
  await declareFor([bare.publisher], parts)
  const stores = [{ name: 'SQLite', url: sqliteUrl(parts, 'pair-consumer') }, ...postgresStore(parts)]
  return [bare, ...stores.map((store, at) => handoffPair(two(2 + 2 * at), store, parts))]
}

function handoffPair(places: readonly [Place, Place], store: NamedStore, parts: BenchParts): Pair {
  const name = `Handoff, ${store.name}`
  const namespace = namespaceOf(`pair ${store.name}`)
  const common = { name, namespace, line: webhooks }
  const publisher = producerOf(places[0], { ...common, storeUrl: sqliteUrl(parts, namespace) })
  return { name, publisher, consumer: consumerOf(places[1], { ...common, storeUrl: store.url }) }
}

function postgresStore({ postgresUrl, say }: BenchParts): readonly NamedStore[] {
  if (postgresUrl !== undefined) return [{ name: 'PostgreSQL', url: postgresUrl }]
  say('no PostgreSQL answers on 127.0.0.1:5432; it is left out (start one or set POSTGRES_TEST_URL)')
  return []
}

async function declareFor(contestants: readonly Contestant[], { broker }: BenchParts): Promise<void> {
  for (const { queue } of contestants) await broker.declare(queue)
}
