import { limitsFor } from '../../../services/consumer/limits'
import { GroupSubscription } from '../../../shared/messaging/rabbitmq/group-subscription'
import { HeldCopies } from '../../../shared/messaging/rabbitmq/held-copies'
import type { Link } from '../../../shared/messaging/rabbitmq/link'
import { namesOf } from '../../../shared/messaging/rabbitmq/names'
import { partStatus } from '../../../shared/messaging/rabbitmq/part-status'
import type { Part, Session } from '../../../shared/messaging/rabbitmq/session'
import { Settler } from '../../../shared/messaging/rabbitmq/settler'
import type { GroupTopology } from '../../../shared/messaging/transport'

const names = namesOf('handoff')
const route = { type: 'hello', kind: 'command', contentType: 'text/plain' } as const
const mail: GroupTopology = { name: 'mail', delaysMs: [500], routes: [{ ...route, partitions: 2 }] }
const work = names.work(mail)
const urgent = names.lane(mail, 'urgent')
const low = names.lane(mail, 'low')
const full = 'handoff.mail.dead.v1 does not take its copy: refused by a queue'

type OnMessage = (message: null) => void

/** A connection on which every question is answered at once, and the consumers that it was asked for. */
function answering() {
  const consumers = new Map<string, OnMessage>()
  const openChannel = () => {
    const { promise: closed, resolve: fail } = Promise.withResolvers<string>()
    const raw = {
      prefetch: (_count: number, _global: boolean, done: () => void) => done(),
      consume: (queue: string, onMessage: OnMessage, _: object, done: (error: null, ok: object) => void) => {
        consumers.set(queue, onMessage)
        done(null, { consumerTag: queue })
      },
      close: (done: () => void) => done(),
    }
    return Promise.resolve({ raw, closed, fail, isClosed: () => false })
  }
  const ask = (_: string, act: (done: (error: null, answer: unknown) => void) => void) =>
    new Promise((resolve) => act((_error, answer) => resolve(answer)))
  return { link: { openChannel, ask } as unknown as Link, cancel: (queue: string) => consumers.get(queue)?.(null) }
}

/** A group that is attached to all its queues. */
async function stage(concurrency: number) {
  const nobody = () => Promise.reject(new Error('nobody asks it'))
  const publisher = { publish: nobody } as never
  const events = { staleSettle: () => {}, fault: () => {} }
  const settler = new Settler({ names, publisher, sendLater: nobody, repair: nobody, events, random: () => 0 })
  const parts = { names, settler, events, onDelivery: nobody, declare: nobody, afterCancelMs: 0 }
  const subscription = new GroupSubscription(mail, limitsFor(concurrency, 1_048_576), parts)
  const { link, cancel } = answering()
  const session = { keep: (part: Part) => part.open(link) }
  await subscription.keepOn(session as unknown as Session)
  return {
    cancel,
    hold: (queue: string, count: number) => {
      for (let held = 0; held < count; held++) settler.held.hold(queue, Symbol(), full)
    },
    status: () => subscription.status(),
  }
}

test('without anything held it is free, and attached', async () => {
  const { status } = await stage(10)
  expect(status()).toEqual({ name: 'mail', attached: true, flow: 'free', detail: `attached to ${work}` })
})

test.each([
  [1, work, 1, 'stopped', `1 held, ${full}`],
  [1, urgent, 1, 'held up', `urgent: 1 held, ${full}`],
  [1, urgent, 2, 'stopped', `urgent: 2 held, ${full}`],
  [10, work, 63, 'held up', `63 held, ${full}`],
  [10, work, 64, 'stopped', `64 held, ${full}`],
  [10, low, 19, 'held up', `low: 19 held, ${full}`],
  [10, low, 20, 'stopped', `low: 20 held, ${full}`],
  [1, names.partition(mail, 1), 1, 'held up', `partition 1: 1 held, ${full}`],
  [10, names.partition(mail, 0), 32, 'stopped', `partition 0: 32 held, ${full}`],
])('with a concurrency of %d and in %s %d held, it is %s', async (concurrency, queue, count, flow, detail) => {
  const { hold, status } = await stage(concurrency)
  hold(queue, count)
  expect(status()).toMatchObject({ attached: true, flow, detail })
})

test('what is held of several queues is not added up, and the worst is told', async () => {
  const { hold, status } = await stage(10)
  hold(work, 40)
  hold(low, 15)
  hold(names.partition(mail, 0), 20)
  hold(names.partition(mail, 1), 20)
  expect(status()).toMatchObject({ flow: 'held up', detail: `40 held, ${full}` })
  hold(urgent, 31)
  hold(low, 5)
  expect(status()).toMatchObject({ flow: 'stopped', detail: `low: 20 held, ${full}` })
})

test.each([
  [1, 30, 'held up'],
  [1, 31, 'stopped'],
  [0, 32, 'free'],
] as const)('with %d held and %d behind others in a partition of 32 places, it is %s', (count, blocked, flow) => {
  const held = { count, reason: count === 0 ? undefined : full }
  expect(partStatus({ attached: true, detail: 'attached' }, { held, blocked, places: 32 }).flow).toBe(flow)
})

test.each([
  [work, ''],
  [low, 'low: '],
  [names.partition(mail, 1), 'partitions: '],
])('a consumer of %s that was cancelled is told with its queue', async (queue, label) => {
  const { cancel, status } = await stage(10)
  cancel(queue)
  const detail = `${label}the broker cancelled the consumer of ${queue}`
  expect(status()).toMatchObject({ attached: false, flow: 'free', detail })
})

test('what is released is not held any more, and the last reason is told', () => {
  const held = new HeldCopies()
  const [first, second] = [Symbol(), Symbol()]
  held.hold(work, first, 'no room')
  held.hold(work, first, 'still no room')
  held.hold(work, second, 'no answer')
  expect(held.of(work)).toEqual({ count: 2, reason: 'no answer' })
  expect(held.of(low)).toEqual({ count: 0, reason: undefined })
  held.release(work, second)
  expect(held.of(work)).toEqual({ count: 1, reason: 'still no room' })
})
