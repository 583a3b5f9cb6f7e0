import { fromEntry, toEntry } from '../../../services/producer/spool/spooled-message'
import { Lane } from '../../../shared/forwarding/lane'
import type { PublishResult } from '../../../shared/messaging/transport'
import { envelopeOf } from '../../services/producer/spool/messages'
import { drainOf, outcome, refused } from './drain-of'
import { unanswered } from './unanswered'

test('a message in the spool is the one that was put there', () => {
  const message = {
    envelope: { ...envelopeOf('A', { key: 'k', priority: '9' }), time: undefined },
    route: { kind: 'command' },
  } as const
  expect(fromEntry(toEntry(message).bytes)).toEqual(message)
})

test('what is stored is published under its id, and is gone once it is confirmed', async () => {
  const { add, clock, published, spool, told } = await drainOf(() => outcome('confirmed'))
  await add('A')
  await add('B')
  await clock.pass(10)
  expect([published, told, spool.status().messages]).toEqual([['A', 'B'], ['confirmed', 'confirmed'], 0])
})

test('what the rules drop by then is gone as well, and told apart', async () => {
  const { add, clock, spool, told } = await drainOf(({ id }) => outcome(id === 'A' ? 'dropped' : 'confirmed'))
  await add('A', { key: 'k' })
  await add('B', { key: 'k' })
  await add('C', {}, Promise.resolve(outcome('dropped')))
  await clock.pass(10)
  expect([told.sort(), spool.status().messages]).toEqual([['confirmed', 'dropped', 'dropped'], 0])
})

test('urgent ones overtake a backlog of their type, and low ones are not left behind', async () => {
  const { add, clock, published, broker } = await drainOf(() => outcome('confirmed'))
  broker.takes = false
  for (let at = 0; at < 500; at++) await add(`N${at}`)
  await add('L', { priority: '0' })
  await add('U', { priority: '9' })
  await add('K', { priority: '9', key: 'k' })
  broker.takes = true
  await clock.pass(1_000)
  // A lane has 64 on their way at once.
  expect(Math.max(...['L', 'U', 'K'].map((id) => published.indexOf(id)))).toBeLessThan(64 + 3)
  expect(published).toHaveLength(503)
})

test('while the broker takes nothing, nothing is published; all of it soon after', async () => {
  const { add, clock, published, broker } = await drainOf(() => outcome('confirmed'))
  broker.takes = false
  await add('A')
  await clock.pass(60_000)
  expect(published).toEqual([])
  broker.takes = true
  await clock.pass(100)
  expect(published).toEqual(['A'])
})

test.each(['not_accepted', 'unknown'] as const)(
  'what is %s is published again under its id until it is confirmed',
  async (refusal) => {
    let left = 5
    const { add, clock, published, spool } = await drainOf(() => outcome(left-- > 0 ? refusal : 'confirmed'))
    await add('A')
    await clock.pass(60_000)
    expect([published, spool.status().messages]).toEqual([Array(6).fill('A'), 0])
  },
)

test('with one key, in order, whatever is refused', async () => {
  const refuse = new Set(['A', 'C'])
  const order: string[] = []
  const { add, clock } = await drainOf(({ id }) => {
    if (refuse.delete(id)) return outcome('not_accepted')
    order.push(id)
    return outcome('confirmed')
  })
  for (const id of ['A', 'B', 'C', 'D']) await add(id, { key: 'k', type: id === 'B' ? 'hello' : 'order.placed' })
  await clock.pass(60_000)
  expect(order).toEqual(['A', 'B', 'C', 'D'])
})

test('a queue that takes nothing holds up no other type and no other key', async () => {
  const { add, clock, spool, published } = await drainOf(({ id }) =>
    id.startsWith('stuck') ? refused('not_accepted') : outcome('confirmed'),
  )
  for (let number = 0; number < 600; number++) await add(`stuck-${number}`, { type: 'payment.capture' })
  await add('stuck-key', { key: 'k', type: 'payment.capture' })
  await add('free')
  await add('free-key', { key: 'other' })
  await clock.pass(100)
  expect(published).toEqual(expect.arrayContaining(['free', 'free-key']))
  expect(spool.status().messages).toBe(601)
})

test('it keeps no more than its share of the places in flight', async () => {
  const gates: ((result: PublishResult) => void)[] = []
  const { add, clock, published } = await drainOf(() => new Promise((resolve) => void gates.push(resolve)))
  for (let number = 0; number < 400; number++) await add(String(number), { type: `type-${number % 10}` })
  await clock.pass(10)
  expect(published).toHaveLength(256)
  gates[0]?.(outcome('confirmed'))
  await clock.pass(10)
  expect(published).toHaveLength(257)
})

test('a publish that was under way is waited for; its confirm saves a second one', async () => {
  const { add, clock, published, spool } = await drainOf(() => outcome('confirmed'))
  const first = Promise.withResolvers<PublishResult>()
  await add('A', {}, first.promise)
  await clock.pass(5_000)
  expect(spool.status().messages).toBe(1)
  first.resolve(outcome('confirmed'))
  await clock.pass(10)
  expect([published, spool.status().messages]).toEqual([[], 0])
})

test('and where it ends without one, the message is published', async () => {
  const { add, clock, published } = await drainOf(() => outcome('confirmed'))
  await add('A', {}, Promise.resolve(outcome('unknown')))
  await clock.pass(10)
  expect(published).toEqual(['A'])
})

test('a command that finds no queue is tried for some seconds, in which its binding may be made again', async () => {
  let tries = 0
  const { add, clock, told } = await drainOf(() => outcome(++tries < 3 ? 'unroutable' : 'confirmed'))
  await add('A', { kind: 'command' })
  await clock.pass(10_000)
  expect(told).toEqual(['confirmed'])
})

test('and then parked where a person finds it, told with its id', async () => {
  const { add, clock, told, published, spool } = await drainOf((_, { kind }) =>
    outcome(kind === 'command' ? 'unroutable' : 'confirmed'),
  )
  await add('A', { kind: 'command' })
  await clock.pass(10_000)
  expect(told).toEqual(['parked A', 'unrouted'])
  expect([published.at(-1), spool.status().messages]).toEqual(['A unrouted', 0])
  expect(published.length).toBeGreaterThan(2)
})

test('one behind it under its key, of another type, has its seconds too', async () => {
  let triesOfB = 0
  const { add, clock, told } = await drainOf(({ id }, { kind }) => {
    const finds = kind === 'unrouted' || (id === 'B' && ++triesOfB > 1)
    return outcome(finds ? 'confirmed' : 'unroutable')
  })
  await add('A', { key: 'k', type: 'payment.capture', kind: 'command' })
  await add('B', { key: 'k', type: 'hello', kind: 'command' })
  await clock.pass(10_000)
  expect(told).toEqual(['parked A', 'unrouted', 'confirmed'])
})

test('it is kept while it cannot be parked either', async () => {
  const { add, clock, told, spool } = await drainOf((_, { kind }) =>
    outcome(kind === 'command' ? 'unroutable' : 'unknown'),
  )
  await add('A', { kind: 'command' })
  await clock.pass(60_000)
  expect([told, spool.status().messages]).toEqual([[], 1])
})

test('what can never be sent is set aside for a person', async () => {
  const { add, clock, told, spool } = await drainOf(() => ({ ...outcome('not_accepted'), unsendable: true }))
  await add('A')
  await clock.pass(10)
  expect([told, spool.status()]).toMatchObject([['unsendable'], { messages: 0, damagedFiles: [expect.any(String)] }])
})

test('what cannot be read now is read again, and nothing is taken for sent', async () => {
  const { add, clock, told, folder, published } = await drainOf(() => outcome('confirmed'))
  // The first look reads twice: some more along with it, then the record alone.
  let failures = 4
  folder.fails = (operation) => {
    if (operation === 'read' && failures-- > 0) throw new Error('EIO')
  }
  await add('A')
  await clock.pass(60_000)
  expect([told, published]).toEqual([['fault EIO', 'fault EIO', 'fault EIO', 'confirmed'], ['A']])
})

test('a stop begins nothing more and waits for what is being sent', async () => {
  const gate = Promise.withResolvers<PublishResult>()
  const { add, clock, published, drain, spool } = await drainOf(() => gate.promise)
  for (let number = 0; number < 300; number++) await add(String(number))
  await clock.pass(10)
  const begun = published.length
  let stopped = false
  const stop = drain.stop().then(() => (stopped = true))
  await clock.pass(10)
  expect(stopped).toBe(false)
  gate.resolve(outcome('confirmed'))
  await stop
  await clock.pass(1_000)
  expect(published).toHaveLength(begun)
  expect(spool.status().messages).toBe(300 - begun)
})

test('an event that one of its queues refuses is not copied into the others again and again', async () => {
  let full = true
  const { add, clock, published, spool } = await drainOf(() => (full ? refused('unknown') : outcome('confirmed')))
  for (let number = 0; number < 300; number++) await add(String(number))
  for (let number = 0; number < 300; number++) await add(`k-${number}`, { key: String(number) })
  await clock.pass(1)
  // Those that were under way before anybody knew.
  const before = published.length
  expect(before).toBeLessThanOrEqual(256)
  await clock.pass(3_600_000)
  expect(published.length - before).toBeLessThan(150)
  full = false
  await clock.pass(60_000)
  expect(spool.status().messages).toBe(0)
})

test('a full place in flight is no refusal: it is tried again soon, and not in a hot loop', async () => {
  let left = 20
  const { add, clock, published, spool } = await drainOf(() => outcome(left-- > 0 ? 'not_accepted' : 'confirmed'))
  await add('A')
  await clock.pass(1_000)
  expect(published.length).toBeLessThan(15)
  await clock.pass(20_000)
  expect(spool.status().messages).toBe(0)
})

test('what is not taken holds up nothing else of its type, and is tried ever more seldom until it is taken', async () => {
  let takes = false
  const { add, clock, published, spool } = await drainOf(({ id }) =>
    outcome(takes || !id.startsWith('stuck') ? 'confirmed' : 'not_accepted'),
  )
  for (let number = 0; number < 100; number++) await add(`stuck-${number}`)
  for (let number = 0; number < 10; number++) await add(`free-${number}`)
  await clock.pass(1_000)
  expect(spool.status().messages).toBe(100)
  const before = published.length
  await clock.pass(60_000)
  expect(published.length - before).toBeLessThanOrEqual(61)
  await add('later')
  await clock.pass(0)
  expect(published.at(-1)).toBe('later')
  takes = true
  await clock.pass(1_000)
  expect(spool.status().messages).toBe(0)
})

test('however many that have to wait are not taken, those that are due do not stand behind them', async () => {
  const { add, clock, published } = await drainOf(({ extensions }) =>
    outcome('deliverat' in extensions ? 'not_accepted' : 'confirmed'),
  )
  for (let number = 0; number < 600; number++) await add(`later-${number}`, { deliverat: '2030-01-01T00:00:00Z' })
  await add('now')
  await clock.pass(0)
  expect(published).toContain('now')
})

test('one that costs the broker its channel is soon sent alone and ever more seldom; those that it took along are sent', async () => {
  const at: number[] = []
  const company: number[] = []
  let sending = 0
  const { add, clock, spool, published } = await drainOf(async ({ id }) => {
    sending++
    if (id === 'poison') {
      at.push(clock.now())
      company.push(sending)
    }
    const others = sending
    await new Promise(setImmediate)
    sending--
    // Whatever is in flight with it is lost with it.
    return outcome(id === 'poison' || (others > 1 && spoiled) ? 'unknown' : 'confirmed')
  })
  let spoiled = true
  for (const id of ['a', 'poison', 'b', 'c']) await add(id)
  await clock.pass(3_000)
  expect(spool.status().messages).toBe(1)
  spoiled = false
  await clock.pass(3_600_000)
  expect(new Set(published)).toEqual(new Set(['a', 'b', 'c', 'poison']))
  expect(at.length).toBeLessThan(25)
  expect(Math.max(...company.slice(2))).toBe(1)
})

test('what is behind such a one under the same key waits for it, and other keys do not', async () => {
  const { add, clock, published } = await drainOf(({ id }) => outcome(id === 'poison' ? 'unknown' : 'confirmed'))
  await add('poison', { key: 'k' })
  await add('behind', { key: 'k' })
  await add('other', { key: 'l' })
  await clock.pass(600_000)
  expect(new Set(published)).toEqual(new Set(['poison', 'other']))
})

test('a stop does not begin a second publish of what had been under way', async () => {
  const { add, clock, published, drain } = await drainOf(() => outcome('confirmed'))
  const first = Promise.withResolvers<PublishResult>()
  await add('A', {}, first.promise)
  await clock.pass(10)
  const stop = drain.stop()
  first.resolve(outcome('unknown'))
  await stop
  expect(published).toEqual([])
})

test('what is sent looks at its own lane, and not at all the others', async () => {
  const { drain, clock, published, spool } = await drainOf(() => outcome('confirmed'))
  const { bytes } = toEntry({ envelope: envelopeOf('A'), route: { kind: 'event' } })
  jest.spyOn(spool, 'read').mockImplementation(() => Promise.resolve(bytes))
  jest.spyOn(spool, 'done').mockImplementation(() => {})
  const keys = 2_000
  for (let number = 0; number < keys; number++) drain.add({ lane: `key ${number}`, storedAtMs: 0, length: 1 })
  const looks = jest.spyOn(Lane.prototype, 'canSend', 'get')
  while (published.length < keys) await clock.pass(0)
  expect(looks.mock.calls.length).toBeLessThan(4 * keys)
  looks.mockRestore()
}, 60_000)

test('it is sent alone: not beside what is under way, and nothing is begun beside it', async () => {
  const gates: { readonly id: string; readonly settle: (result: PublishResult) => void }[] = []
  const { add, clock, published } = await drainOf(
    ({ id }) => new Promise((resolve) => void gates.push({ id, settle: resolve })),
  )
  const settle = async (what: PublishResult['outcome']) => {
    gates.shift()?.settle(outcome(what))
    await clock.pass(0)
  }
  await add('poison')
  await clock.pass(1)
  await settle('unknown')
  await settle('unknown')
  expect(published).toEqual(['poison', 'poison'])
  await add('under way', { type: 'hello' })
  await clock.pass(1_000)
  await add('later', { type: 'payment.capture' })
  await clock.pass(1_000)
  expect(published.slice(2)).toEqual(['under way'])
  await settle('confirmed')
  expect(published.slice(2)).toEqual(['under way', 'poison'])
  await add('even later', { type: 'webhook.received' })
  await clock.pass(1_000)
  expect(published.slice(2)).toEqual(['under way', 'poison'])
  await settle('unknown')
  expect(published.slice(2)).toEqual(['under way', 'poison', 'later', 'even later'])
  await settle('confirmed')
  await settle('confirmed')
})

test('a type of which nothing is answered holds up no other, however many of it are stored', async () => {
  const { add, clock, published, spool } = await drainOf(({ type }) =>
    type === 'payment.capture' ? unanswered(clock) : outcome('confirmed'),
  )
  for (let number = 0; number < 100; number++) await add(`stuck-${number}`, { type: 'payment.capture' })
  await clock.pass(600_000)
  await add('other')
  await clock.pass(30_000)
  expect(published).toContain('other')
  expect(spool.status().messages).toBe(100)
})

test('of such a type one is tried after a pause that grows, and the rest when it was taken', async () => {
  let answers = false
  const { add, clock, published, spool } = await drainOf(() => (answers ? outcome('confirmed') : unanswered(clock)))
  for (let number = 0; number < 500; number++) await add(String(number))
  await clock.pass(600_000)
  expect(published.length).toBeLessThan(200)
  answers = true
  await clock.pass(330_000)
  expect(spool.status().messages).toBe(0)
})

test('however many are sent alone, the others have their turn between two of them', async () => {
  const { add, clock, published } = await drainOf(({ type }) =>
    type.startsWith('stuck') ? unanswered(clock) : outcome('confirmed'),
  )
  for (let number = 0; number < 100; number++) await add(String(number), { type: `stuck-${number}` })
  await clock.pass(600_000)
  await add('other')
  await clock.pass(30_000)
  expect(published).toContain('other')
})
