import type { Binding, FoundObject, Moving, Predecessor } from '../../../shared/messaging/broker-objects'
import { retireQueues } from '../../../shared/operations/retire-queues'
import { ManualClock } from '../../support/manual-clock'

const names = ['ns.some.retry.5s.v1', 'ns.some.retry.1m.v1']
const queues = names.map((queue): Predecessor => ({ queue, group: 'some', place: 'delay', successor: `${queue}-next` }))
type Figures = Pick<FoundObject, 'messages' | 'consumers'>

/** Queues that begin to be retired; what the broker tells of them is the test's to say. */
function retiring() {
  const clock = new ManualClock()
  const told: string[] = []
  const figures = new Map<string, Figures>(names.map((name) => [name, { messages: 0, consumers: 1 }]))
  const bindings: Binding[] = []
  const movings = names.map((name) => ({
    moved: 0,
    inFlight: 0,
    failure: undefined as string | undefined,
    remove: () => Promise.resolve(void told.push(`removed ${name}`)),
    stop: () => Promise.resolve(void told.push(`stopped ${name}`)),
  }))
  const objects = {
    move: ({ queue }: Predecessor) => Promise.resolve(movings[names.indexOf(queue)] as Moving),
    queues: () =>
      Promise.resolve([...figures].map(([name, each]) => ({ kind: 'queue' as const, name, facts: {}, ...each }))),
    look: () => Promise.resolve({ objects: [], bindings: [...bindings], unseen: undefined }),
  }
  const events = { moving: () => {}, removed: () => {} }
  const retired = retireQueues(queues, { objects, events, clock })
  retired.catch(() => {})
  return { clock, told, figures, bindings, movings, retired }
}

const removedAndStopped = [...names.map((name) => `removed ${name}`), ...names.map((name) => `stopped ${name}`)]

test('all are deleted when all have been empty for longer than figures are late', async () => {
  const { clock, told, retired } = retiring()
  await clock.pass(8_000)
  expect(told).toEqual([])
  await clock.pass(1_000)
  await retired
  expect(told).toEqual(removedAndStopped)
})

test.each<[string, (run: ReturnType<typeof retiring>) => void, (run: ReturnType<typeof retiring>) => void]>([
  [
    'holds a message',
    ({ figures }) => figures.set(names[1] ?? '', { messages: 1 }),
    ({ figures }) => figures.set(names[1] ?? '', { messages: 0 }),
  ],
  [
    'has no figures yet',
    ({ figures }) => figures.set(names[1] ?? '', {}),
    ({ figures }) => figures.set(names[1] ?? '', { messages: 0 }),
  ],
  [
    'has a copy without a confirm',
    ({ movings }) => movings.forEach((moving) => (moving.inFlight = 1)),
    ({ movings }) => movings.forEach((moving) => (moving.inFlight = 0)),
  ],
])('one that %s meanwhile has to be empty as long again', async (_, fill, empty) => {
  const run = retiring()
  await run.clock.pass(7_000)
  fill(run)
  await run.clock.pass(2_000)
  empty(run)
  await run.clock.pass(8_000)
  expect(run.told).toEqual([])
  await run.clock.pass(1_500)
  await run.retired
  expect(run.told).toEqual(removedAndStopped)
})

test('what was moved between two looks counts, although both found it empty', async () => {
  const run = retiring()
  await run.clock.pass(7_000)
  const [first] = run.movings
  if (first !== undefined) first.moved = 3
  await run.clock.pass(7_500)
  expect(run.told).toEqual([])
  await run.clock.pass(2_000)
  await run.retired
})

test.each<[string, (run: ReturnType<typeof retiring>) => void, RegExp]>([
  [
    'does not get empty',
    ({ figures }) => figures.set(names[0] ?? '', { messages: 2 }),
    /^ns\.some\.retry\.5s\.v1 does not get empty: messages 2, others who take from it 0; somebody holds messages/,
  ],
  [
    'is moved no more',
    ({ movings }) => movings.forEach((moving) => (moving.failure = 'the next is full')),
    /is not moved any more: the next is full; nothing is lost, repeat the command/,
  ],
  [
    'is consumed by others',
    ({ figures }) => figures.set(names[0] ?? '', { messages: 0, consumers: 2 }),
    /does not get empty: messages 0, others who take from it 1;/,
  ],
])('one that %s is told, and none is deleted', async (_, harm, words) => {
  const run = retiring()
  harm(run)
  await run.clock.pass(62_000)
  await expect(run.retired).rejects.toThrow(words)
  expect(run.told).toEqual(names.map((name) => `stopped ${name}`))
})

test('one that is moved for long is waited for', async () => {
  const run = retiring()
  const [first] = run.movings
  run.figures.set(names[0] ?? '', { messages: 9 })
  for (let minutes = 0; minutes < 10; minutes++) {
    if (first !== undefined) first.moved++
    await run.clock.pass(50_000)
  }
  run.figures.set(names[0] ?? '', { messages: 0 })
  await run.clock.pass(9_500)
  await run.retired
})

test.each<[string, (run: ReturnType<typeof retiring>) => void, RegExp]>([
  [
    'is consumed by others',
    ({ figures }) => figures.set(names[1] ?? '', { messages: 9, consumers: 2 }),
    /^ns\.some\.retry\.1m\.v1 does not get empty: messages 9, others who take from it 1;/,
  ],
  [
    'is bound again',
    ({ bindings }) => bindings.push({ exchange: 'ns.requeue.v1', destination: names[1] ?? '', routingKey: 'key' }),
    /^ns\.some\.retry\.1m\.v1 was bound again, to ns\.requeue\.v1: a service of the earlier version is running\./,
  ],
])('one that %s while messages move is told, and not waited for without end', async (_, harm, words) => {
  const run = retiring()
  const [first] = run.movings
  run.figures.set(names[0] ?? '', { messages: 9 })
  await run.clock.pass(50_000)
  harm(run)
  for (let seconds = 0; seconds < 70; seconds++) {
    if (first !== undefined) first.moved++
    await run.clock.pass(1_000)
  }
  expect(run.told).toEqual(names.map((name) => `stopped ${name}`))
  await expect(run.retired).rejects.toThrow(words)
})

test('a binding to another queue is nobody back, and others who are gone in time are not told', async () => {
  const run = retiring()
  run.bindings.push({ exchange: 'ns.requeue.v1', destination: 'ns.some.retry.5s.v2', routingKey: 'key' })
  for (const [index, name] of names.entries()) {
    run.figures.set(name, { messages: 9, consumers: 2 })
    await run.clock.pass(50_000)
    const moving = run.movings[index]
    if (moving !== undefined) moving.moved = 9
    run.figures.set(name, { messages: 0, consumers: 1 })
    await run.clock.pass(1_000)
  }
  await run.clock.pass(9_000)
  await run.retired
})
