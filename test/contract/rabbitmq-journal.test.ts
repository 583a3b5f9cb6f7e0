import { randomUUID } from 'node:crypto'
import type {
  JournalEntry,
  JournalFollower,
  JournalLog,
  JournalMoment,
  JournalPlace,
} from '../../shared/messaging/journal-log'
import { openJournalLog } from '../../shared/messaging/open-journal-log'
import type { LinkStatus } from '../../shared/messaging/transport'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { proxiedBroker } from '../support/proxied-broker'
import { noTls, openRabbitmq } from './open-rabbitmq'
import { envelopeOf, freshGroups } from './transport-fixtures'

const broker = useBroker()

/** A namespace of its own, since a namespace has one journal. */
async function openJournal(namespace = `journal-${randomUUID().slice(0, 8)}`, url = broker.url) {
  const opened = await openRabbitmq(url, freshGroups().all, { namespace })
  return { ...opened, namespace, stream: `${namespace}.journal.v1`, log: opened.transport.journal }
}

const append = (log: JournalLog, text: string) =>
  eventually(`"${text}" is in the journal`, async () => (await log.append(Buffer.from(text))).outcome === 'confirmed')

/** Takes everything, and remembers its place like one who keeps it elsewhere. */
class Reader implements JournalFollower {
  readonly taken: JournalEntry[] = []
  #place: JournalPlace | JournalMoment | undefined

  constructor(place?: JournalPlace | JournalMoment) {
    this.#place = place
  }

  get texts(): readonly string[] {
    return this.taken.map(({ body }) => body.toString()).filter((text) => text !== '')
  }

  place(): Promise<JournalPlace | JournalMoment | undefined> {
    return Promise.resolve(this.#place)
  }

  anew(): void {
    this.#place = undefined
  }

  take(entries: readonly JournalEntry[]): Promise<void> {
    this.taken.push(...entries)
    this.#place = entries.at(-1)
    return Promise.resolve()
  }

  has(...texts: readonly string[]): Promise<unknown> {
    return eventually(`the reader has ${texts.join(', ')}`, () => texts.every((text) => this.texts.includes(text)))
  }
}

test('keeps entries in a bounded stream, and hands over all of them and those to come, in order', async () => {
  const { log, stream } = await openJournal()
  for (const text of ['a', 'b']) await append(log, text)
  const reader = new Reader()
  await log.follow(reader)
  await append(log, 'c')
  await reader.has('c')
  expect(reader.texts).toEqual(['a', 'b', 'c'])
  expect(reader.taken.map(({ offset }) => offset)).toEqual([0, 1, 2])
  expect(new Set(reader.taken.map(({ id }) => id)).size).toBe(3)
  const [queue] = (await broker.management.queues()).filter(({ name }) => name === stream)
  expect(queue?.arguments).toEqual({
    'x-queue-type': 'stream',
    'x-max-length-bytes': 1_073_741_824,
    'x-max-age': '7D',
    'x-stream-max-segment-size-bytes': 52_428_800,
  })
})

test('opens no connection once it is closed', async () => {
  const { log, transport, told } = await openJournal()
  await transport.close()
  expect(await log.append(Buffer.from('late'))).toEqual({ outcome: 'not_accepted', detail: 'the journal is closed' })
  expect(told.links.filter(({ name, state }) => name.includes('journal') && state === 'connecting')).toEqual([])
})

test('goes on behind the place that the follower has', async () => {
  const { log, told } = await openJournal()
  for (const text of ['a', 'b', 'c']) await append(log, text)
  const first = new Reader()
  await log.follow(first)
  await first.has('c')
  const second = new Reader(first.taken[1])
  await log.follow(second)
  await second.has('c')
  expect([second.texts, told.faults]).toEqual([['c'], []])
})

test('a follower that takes its time gets the rest in its order, and no two at once', async () => {
  const { log } = await openJournal()
  const reader = new Reader()
  let taking = 0
  const most: number[] = []
  await log.follow({
    place: () => reader.place(),
    anew: () => reader.anew(),
    take: async (entries) => {
      most.push(++taking)
      await new Promise((resolve) => setTimeout(resolve, 5))
      await reader.take(entries)
      taking--
    },
  })
  const texts = Array.from({ length: 60 }, (_, at) => `entry ${at}`)
  for (const text of texts) await append(log, text)
  await reader.has(...texts)
  expect(reader.texts).toEqual(texts)
  expect(Math.max(...most)).toBe(1)
})

test('goes on after its connection was lost, without a gap', async () => {
  const { proxy, url } = await proxiedBroker(broker.url)
  const { log } = await openJournal(undefined, url)
  const reader = new Reader()
  await log.follow(reader)
  await append(log, 'before')
  await reader.has('before')
  proxy.cut()
  await append(log, 'after')
  await reader.has('after')
  expect(reader.texts.filter((text) => text === 'before')).toHaveLength(1)
})

test('a stream that was deleted is made again and read from its beginning, whatever place was known', async () => {
  const { log, told, stream } = await openJournal()
  const reader = new Reader()
  await log.follow(reader)
  for (const text of ['a', 'b', 'c']) await append(log, text)
  await reader.has('c')
  const raw = await connectRaw(broker.url)
  await raw.channel.deleteQueue(stream)
  await append(log, 'd')
  await reader.has('d')
  expect(reader.texts).toEqual(['a', 'b', 'c', 'd'])
  expect(told.recreated).toContain(stream)
})

test('a stream that was deleted while nothing is told is made again by its reader', async () => {
  const { log, told, stream } = await openJournal()
  await log.follow(new Reader())
  const raw = await connectRaw(broker.url)
  await raw.channel.deleteQueue(stream)
  await eventually('it is made again', () => told.recreated.includes(stream))
  expect(told.links.filter(({ state }) => state === 'down')).toEqual([])
})

test.each([
  ['a greater offset than the stream has', { offset: 1_000, id: 'gone' }],
  ['an offset that is another entry now', { offset: 1, id: 'gone' }],
])('a place of a journal that is no more is noticed: %s', async (_, place) => {
  const { log, told } = await openJournal()
  for (const text of ['a', 'b', 'c']) await append(log, text)
  const reader = new Reader(place)
  await log.follow(reader)
  await reader.has('a', 'b', 'c')
  expect(reader.texts).toEqual(['a', 'b', 'c'])
  const said = told.faults.filter((fault) => fault.startsWith('the journal is not the one that was read before'))
  expect(said).toHaveLength(1)
})

async function firstOffset(log: JournalLog): Promise<number> {
  const reader = new Reader()
  await log.follow(reader)
  await eventually('an entry', () => reader.taken.length > 0)
  return reader.taken[0]?.offset ?? 0
}

test('what the stream has dropped before it was read is told, with how much it was', async () => {
  const namespace = `journal-${randomUUID().slice(0, 8)}`
  // As small as it gets: its oldest file is dropped whenever a new one is begun.
  const small = { 'max-length-bytes': 10_000, 'stream-max-segment-size-bytes': 5_000 }
  await broker.management.setPolicy(namespace, `^${namespace}\\.journal`, small)
  const { log, told } = await openJournal(namespace)
  for (let at = 0; at < 40; at++) await append(log, `${at} ${'x'.repeat(1_000)}`)
  await eventually('the first files are gone', async () => (await firstOffset(log)) > 2)
  const reader = new Reader({ offset: 1, id: 'read' })
  await log.follow(reader)
  await eventually('it has what is left', () => reader.taken.length > 0)
  const first = reader.taken[0]?.offset ?? 0
  expect(told.faults).toEqual([`the journal dropped entries before they were read: up to ${first - 2} are missing`])
  await broker.management.deletePolicy(namespace)
})

const downs = (links: readonly LinkStatus[]) => links.filter(({ state }) => state === 'down').map(({ name }) => name)

test('a journal whose exchange is deleted does messages no harm, and is mended', async () => {
  const { transport, namespace, log, told } = await openJournal()
  await append(log, 'a')
  const raw = await connectRaw(broker.url)
  await raw.channel.deleteExchange(`${namespace}.journal.v1`)
  const appended = log.append(Buffer.from('b'))
  for (let sent = 0; sent < 20; sent++)
    expect(await transport.publish(envelopeOf('nobody.cares'), { kind: 'event' })).toMatchObject({
      outcome: 'confirmed',
    })
  await appended
  await append(log, 'c')
  expect(downs(told.links)).not.toContain('test-publish')
})

test('whose stream is something else has no journal, is told so, and has messages', async () => {
  const namespace = `taken-${randomUUID().slice(0, 8)}`
  const raw = await connectRaw(broker.url)
  const quorum = { durable: true, arguments: { 'x-queue-type': 'quorum' } }
  await raw.channel.assertQueue(`${namespace}.journal.v1`, quorum)
  const { transport, log, told } = await openJournal(namespace)
  const follower = new Reader()
  const following = log.follow(follower)
  expect(await log.append(Buffer.from('a'))).toMatchObject({ outcome: 'not_accepted' })
  expect(await transport.publish(envelopeOf('nobody.cares'), { kind: 'event' })).toMatchObject({ outcome: 'confirmed' })
  expect(told.faults).toContainEqual(expect.stringMatching(/^there is no journal: queue ".+journal.v1" in vhost/))
  expect(downs(told.links)).not.toContain('test-publish')
  await following
})

test('a connection of the journal that is lost takes no message with it', async () => {
  const { transport, log, told } = await openJournal()
  const reader = new Reader()
  await log.follow(reader)
  await append(log, 'a')
  await broker.management.closeConnections(({ client_properties: client }) =>
    String(client['connection_name']).startsWith('handoff-test-journal@'),
  )
  expect(await transport.publish(envelopeOf('nobody.cares'), { kind: 'event' })).toMatchObject({ outcome: 'confirmed' })
  await append(log, 'b')
  await reader.has('a', 'b')
  expect(downs(told.links)).toEqual(['test-journal'])
})

test('whoever is interested from a moment on is not handed what is older, and loses nothing that is not', async () => {
  const { namespace, log } = await openJournal()
  await append(log, 'old')
  // A moment travels in whole seconds.
  const appendedBy = Date.now()
  await eventually('the clock is past the second', () => Date.now() > appendedBy + 1_000)
  const since = Date.now()
  for (const text of ['new', 'newer']) await append(log, text)
  const reader = new Reader({ since })
  const none = () => {}
  const events = {
    linkChanged: none,
    reconnected: none,
    recreated: none,
    unroutable: none,
    staleSettle: none,
    fault: none,
  }
  const own = openJournalLog({ url: broker.url, namespace, name: 'reader', tls: noTls, events })
  atEnd(() => own.close())
  await own.follow(reader)
  await append(log, 'newest')
  await reader.has('new', 'newer', 'newest')
  expect(reader.texts).toEqual(['new', 'newer', 'newest'])
})

test('a moment before the journal began, or that is still to come, hides nothing that comes', async () => {
  const { log } = await openJournal()
  await append(log, 'first')
  const early = new Reader({ since: 0 })
  await log.follow(early)
  const late = new Reader({ since: Date.now() + 3_600_000 })
  await log.follow(late)
  await append(log, 'next')
  await early.has('first', 'next')
  await late.has('next')
})
