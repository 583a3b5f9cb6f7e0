/** A group whose dependency goes down and comes back, on a clock that the test moves. */
import { Type } from 'typebox'
import { heldBack } from '../../../../services/consumer/around/held-back'
import { weighed } from '../../../../services/consumer/around/weighed'
import { dispatcher } from '../../../../services/consumer/dispatch'
import { handler } from '../../../../services/consumer/handler'
import { Load } from '../../../../services/consumer/load/load'
import { Reject } from '../../../../services/consumer/reject'
import type { Run } from '../../../../services/consumer/work'
import { group } from '../../../../shared/messages/group'
import { command } from '../../../../shared/messages/message'
import type { Delivery, Verdict } from '../../../../shared/messaging/transport'
import { ManualClock } from '../../../support/manual-clock'
import { evenly } from './evenly'

const pay = command('pay', Type.Object({}), {
  description: 'd',
  examples: [{}],
  delivery: { attempts: 3, delaysMs: [500, 5_000] },
})
const payments = group('payments', [pay])

/** Its timers come a moment too early, as those of Node do. */
class HastyClock extends ManualClock {
  override after(ms: number, callback: () => void): () => void {
    return super.after(Math.max(0.5, ms - 0.5), callback)
  }
}

interface Options {
  readonly clock?: ManualClock
  readonly handle: (id: string) => void
  readonly keyed?: 'keyed'
  readonly window?: number
}

/** A queue at a broker, a window of it in work, and what becomes of its messages. */
function stage({ handle, keyed, window = 16, clock = new ManualClock() }: Options) {
  const settings = { ceiling: 4, floor: 1, failures: 10, pauseMs: 5_000, prefetch: 16, windows: evenly(window) }
  const changes: string[] = []
  const load = new Load(
    [payments],
    { settings, lagMs: () => 0, clock, random: () => 1 },
    (what, _, { circuit }) => what === 'circuit' && changes.push(circuit),
  )
  const runs: string[] = []
  const workMs = 100
  const run: Run = async ({ envelope }) => {
    runs.push(envelope.id)
    await new Promise<void>((resolve) => clock.after(workMs, resolve))
    handle(envelope.id)
  }
  const counted = weighed(run, load, clock)
  const nowhere = { run: () => Promise.resolve(), query: () => Promise.resolve([]) }
  const dispatch = dispatcher({
    handlers: [handler(pay, { group: 'payments' }, () => {})],
    routing: { accepts: () => true },
    work: async (job) => {
      await load.take(job, () => counted(job, nowhere))
      return 'applied'
    },
    random: () => 1,
    now: Date.now,
  })
  const onDelivery = heldBack(dispatch, load)
  const queue: Delivery[] = []
  const ends = new Map<string, Verdict['kind']>()
  const attempts = new Map<string, number>()
  const closing = new AbortController()
  let deferred = 0
  let inHand = 0
  const settle = (delivery: Delivery, id: string, verdict: Verdict) => {
    if (verdict.kind === 'defer') deferred++
    if (verdict.kind === 'defer') return void queue.push(delivery)
    if (verdict.kind !== 'retry') return void ends.set(id, verdict.kind)
    clock.after(verdict.afterMs, () => {
      queue.push({ ...delivery, attempt: delivery.attempt + 1 })
      next()
    })
  }
  const next = () => {
    while (inHand < window) {
      const delivery = queue.shift()
      if (delivery?.content.kind !== 'message') return
      const { id } = delivery.content.envelope
      attempts.set(id, delivery.attempt)
      inHand++
      void onDelivery(delivery, closing.signal).then((verdict) => {
        inHand--
        settle(delivery, id, verdict)
        next()
      })
    }
  }
  const send = (ids: readonly string[]) => {
    for (const id of ids) queue.push(deliveryOf(id, keyed))
    next()
  }
  const countOf = (kind: Verdict['kind']) => [...ends.values()].filter((each) => each === kind).length
  return { clock, load, changes, runs, send, ends, countOf, attempts, closing, deferred: () => deferred }
}

function deliveryOf(id: string, keyed: 'keyed' | undefined): Delivery {
  const envelope = {
    id,
    source: '/s',
    type: 'pay',
    time: undefined,
    contentType: 'application/json',
    data: Buffer.from('{}'),
    extensions: keyed === undefined ? ({} as Record<string, string>) : { partitionkey: 'k' },
  }
  const content = { kind: 'message', envelope } as const
  return { group: 'payments', content, attempt: 1, returns: 0, replays: 0, firstSeen: '2026-01-01T00:00:00Z' }
}

const many = Array.from({ length: 100 }, (_, n) => `m${n}`)
const outageMs = 3_600_000

function dependency() {
  const state = { isUp: false }
  const handle = () => {
    if (!state.isUp) throw new Error('connect ECONNREFUSED')
  }
  return { state, handle }
}

test.each([
  ['', {}],
  [', in the order of a key', { keyed: 'keyed' }],
  [', one after the other', { window: 1 }],
  [', with hasty timers', { clock: new HastyClock() }],
] as const)(
  'an hour without its dependency costs messages few attempts, and none of them is parked%s',
  async (_, how) => {
    const { state, handle } = dependency()
    const { clock, send, runs, countOf, attempts, changes, load } = stage({ handle, ...how })
    send(many)
    await clock.pass(outageMs)
    expect(load.status()).toMatchObject([
      { group: 'payments', circuit: 'open', failures: { lastError: 'connect ECONNREFUSED' } },
    ])
    expect(countOf('reject')).toBe(0)
    // Those that opened it, and a trial each minute.
    expect(runs.length).toBeLessThan(100)
    state.isUp = true
    await clock.pass(120_000)
    expect(countOf('ack')).toBe(many.length)
    expect(countOf('reject')).toBe(0)
    expect(Math.max(...attempts.values())).toBeLessThanOrEqual(2)
    expect(changes.at(-1)).toBe('closed')
  },
  60_000,
)

test('the only message of a queue outlives the outage, too', async () => {
  const { state, handle } = dependency()
  const { clock, send, countOf, attempts } = stage({ handle })
  send(many.slice(0, 10))
  await clock.pass(1_000)
  const { size } = attempts
  expect(size).toBe(10)
  await clock.pass(1_200_000)
  state.isUp = true
  await clock.pass(120_000)
  expect(countOf('ack')).toBe(10)
  expect(Math.max(...attempts.values())).toBeLessThanOrEqual(2)
})

test('what has failed before is not tried while there is something else', async () => {
  const { clock, send, ends, changes } = stage({
    handle: (id) => {
      if (id !== 'good') throw new Error('on purpose')
    },
  })
  send(many.slice(0, 12))
  await clock.pass(7_000)
  expect(changes.at(-1)).toBe('open')
  send(['good'])
  await clock.pass(10_000)
  expect(ends.get('good')).toBe('ack')
  expect(changes).toContain('closed')
})

test('messages that all fail by their own fault are parked in the end', async () => {
  const { clock, send, countOf } = stage({
    handle: () => {
      throw new Error('on purpose')
    },
  })
  send(many.slice(0, 10))
  await clock.pass(40 * outageMs)
  expect(countOf('reject')).toBe(10)
}, 60_000)

test('rejections are answers: they open nothing', async () => {
  const { clock, send, countOf, changes } = stage({
    handle: () => {
      throw new Reject('no')
    },
  })
  send(many)
  await clock.pass(60_000)
  expect(countOf('reject')).toBe(many.length)
  expect(changes).toEqual([])
})

test('what is held is put back before the broker would take it back', async () => {
  const { handle } = dependency()
  const { clock, send, deferred } = stage({ handle })
  send(many)
  await clock.pass(290_000)
  const trials = deferred()
  expect(trials).toBeLessThan(10)
  await clock.pass(20_000)
  expect(deferred()).toBeGreaterThan(trials + 8)
})

test('closing gives back at once what is held', async () => {
  const { handle } = dependency()
  const { clock, send, load, ends, countOf } = stage({ handle })
  send(many.slice(0, 26))
  await clock.pass(4_000)
  expect(ends.size).toBe(0)
  load.close()
  await clock.pass(0)
  await new Promise(setImmediate)
  expect(countOf('release')).toBe(26)
})
