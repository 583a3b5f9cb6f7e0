/** Whom a confirm that does not come makes suspect: a connection that keeps silent, and none on which others are confirmed. */
import { setImmediate as turn } from 'node:timers/promises'
import type { LinkStatus, PublishResult } from '../../shared/messaging/transport'
import { parseAddresses } from '../../shared/messaging/rabbitmq/address'
import { Publisher } from '../../shared/messaging/rabbitmq/publisher'
import { Session } from '../../shared/messaging/rabbitmq/session'
import { randomHex } from '../../shared/runtime/random-hex'
import { connectRaw } from '../support/amqp-client'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { undisturbed } from '../support/lived'
import { useOwnBroker } from '../support/own-broker'
import { proxiedBroker } from '../support/proxied-broker'
import { standStill } from '../support/stand-still'
import { inOrder, noTls } from './open-rabbitmq'

const broker = useOwnBroker()

async function openPublisher(urls: readonly string[], deadlineMs: number) {
  const publisher = new Publisher(() => Promise.resolve(), { messages: 1_000, bytes: 1_048_576, deadlineMs })
  const downs: string[] = []
  const linkChanged = ({ state, detail }: LinkStatus) => void (state === 'down' && downs.push(detail))
  const session = new Session({
    name: 'silence',
    addresses: parseAddresses(urls.join()),
    tls: noTls,
    prepare: () => Promise.resolve(),
    events: { linkChanged, reconnected: () => {}, fault: () => {} },
    ...inOrder,
  })
  atEnd(() => session.close())
  await session.start()
  await session.keep(publisher)
  return { publisher, downs }
}

const freshName = (what: string) => `${what}-${randomHex(4)}`

async function queueOf(name: string): Promise<(publisher: Publisher) => Promise<PublishResult>> {
  const { channel } = await connectRaw(broker.url)
  await channel.assertQueue(name, { durable: true, arguments: { 'x-queue-type': 'quorum' } })
  const properties = { persistent: true, messageId: 'm' }
  const outgoing = { exchange: '', routingKey: name, body: Buffer.alloc(1), properties, nackMeans: 'unknown' } as const
  return (publisher) => publisher.publish(outgoing)
}

/** Publishes every few milliseconds until it is told to end; answers with the results. */
function steadily(publish: () => Promise<PublishResult>, everyMs: number): () => Promise<PublishResult[]> {
  const results: Promise<PublishResult>[] = []
  const timer = setInterval(() => results.push(publish()), everyMs)
  atEnd(() => clearInterval(timer))
  return () => {
    clearInterval(timer)
    return Promise.all(results)
  }
}

// Over half a deadline without a turn of its own, and the process itself is late with what it sends.
const inItsTime = (deadlineMs: number, attempt: () => Promise<void>) => undisturbed(deadlineMs / 2, attempt)

async function resentIsOverdueSoon(deadlineMs: number): Promise<void> {
  const [silent, sound] = [await proxiedBroker(broker.url), await proxiedBroker(broker.url)]
  const publish = await queueOf(freshName('resent'))
  const { publisher, downs } = await openPublisher([silent.url, sound.url], deadlineMs)
  sound.proxy.delay(75)
  silent.proxy.swallow()
  const swallowedAt = performance.now()
  const end = steadily(() => publish(publisher), 5)
  await eventually('it is elsewhere', () => sound.proxy.tried() > 0 && publisher.refusal() === undefined)
  await eventually('each had its time', () => performance.now() - swallowedAt > 3 * deadlineMs)
  const results = await end()
  expect(downs).toEqual([`no confirm within ${deadlineMs} ms`])
  expect(results.filter(({ detail }) => detail.includes('lost twice'))).toEqual([])
  expect(results.some(({ outcome }) => outcome === 'confirmed')).toBe(true)
}

test('what is sent once more after a silence is overdue soon, and the new connection is not blamed', () =>
  inItsTime(2_000, () => resentIsOverdueSoon(2_000)))

/** A queue that has lost its leader: it takes what it is sent, and confirms nothing. */
async function openBesideStuck(deadlineMs: number) {
  const name = freshName('stuck')
  const [toStuck, toSound] = [await queueOf(name), await queueOf('sound')]
  const { publisher, downs } = await openPublisher([broker.url], deadlineMs)
  // The first message of a channel for a queue is one that the broker waits for.
  expect(await toStuck(publisher)).toMatchObject({ outcome: 'confirmed' })
  await broker.ctl('eval', `sys:suspend(whereis('%2F_${name}')).`)
  return { downs, toStuck: () => toStuck(publisher), toSound: () => toSound(publisher) }
}

async function stuckCostsNoOther(deadlineMs: number): Promise<void> {
  const { toStuck, toSound, downs } = await openBesideStuck(deadlineMs)
  const startedAt = performance.now()
  const [endStuck, endSound] = [steadily(toStuck, 400), steadily(toSound, 20)]
  await eventually('three deadlines have passed', () => performance.now() - startedAt > 3 * deadlineMs + 200)
  const stuck = await endStuck()
  const sound = await endSound()
  expect(downs).toEqual([])
  expect(new Set(stuck.map(({ detail }) => detail))).toEqual(new Set([`no confirm within ${deadlineMs} ms`]))
  expect(new Set(sound.map(({ outcome }) => outcome))).toEqual(new Set(['confirmed']))
}

test('a queue that confirms nothing costs no other its connection: its own messages are unknown, all others confirmed', () =>
  inItsTime(1_000, () => stuckCostsNoOther(1_000)))

async function givenUpBehindStuck(deadlineMs: number): Promise<void> {
  const { toStuck, toSound, downs } = await openBesideStuck(deadlineMs)
  const stuck = toStuck()
  // On a busy machine some are not sent in time, and not kept.
  while (downs.length === 0) {
    await Promise.all(Array.from({ length: 500 }, toSound))
    // Where each is refused at once, no turn would ever come for the news that the connection is down.
    await turn()
  }
  expect(await stuck).toMatchObject({ outcome: 'unknown' })
  expect(downs).toEqual(['more than 10000 messages were sent behind one that has no confirm'])
}

test('no more than ten thousand messages are kept in mind behind one that is never confirmed', () =>
  inItsTime(500, () => givenUpBehindStuck(500)))

test('a confirm that came while the process stood still is read first, and the broker not blamed', async () => {
  const publish = await queueOf('stood-still')
  const { publisher, downs } = await openPublisher([broker.url], 500)
  expect(await publish(publisher)).toMatchObject({ outcome: 'confirmed' })
  const result = publish(publisher)
  // The first turn writes it; after the second the loop comes to its timers before its sockets.
  for (let turns = 0; turns < 2; turns++) await turn()
  standStill(1_500)
  expect(await result).toMatchObject({ outcome: 'confirmed' })
  expect(downs).toEqual([])
})
