import { getEventListeners } from 'node:events'
import { Type } from 'typebox'
import { once } from '../../../services/consumer/around/once'
import { timed } from '../../../services/consumer/around/timed'
import { handler, type Handler, type HandlerDatabase } from '../../../services/consumer/handler'
import { StoreRefuses } from '../../../services/consumer/wait-for-store'
import { Closing, TimeLimitExceeded, type Job } from '../../../services/consumer/work'
import { command } from '../../../shared/messages/message'
import { Turns } from '../../../shared/runtime/turns'
import { StoreFull, StoreUnavailable, type Store, type Write } from '../../../shared/store/store'

const pay = (timeLimitMs: number) =>
  command('pay', Type.Object({}), { description: 'd', examples: [{}], delivery: { timeLimitMs } })

function job(
  handle: (db: HandlerDatabase, signal: AbortSignal) => Promise<void>,
  {
    timeLimitMs = 60_000,
    transaction = 'collected',
  }: { timeLimitMs?: number; transaction?: Handler['transaction'] } = {},
) {
  const closing = new AbortController()
  const envelope = {
    id: '1',
    source: '/s',
    type: 'pay',
    time: undefined,
    contentType: undefined,
    data: Buffer.alloc(0),
    extensions: {},
  }
  const given: Job = {
    handler: handler(pay(timeLimitMs), { group: 'payments', transaction }, () => {}),
    envelope,
    data: {},
    attempt: 1,
    returns: 0,
    urgency: 'normal',
    signal: closing.signal,
  }
  const leaked = { count: 0, inc: () => leaked.count++, dec: () => leaked.count-- }
  const run = timed((each, db) => handle(db, each.signal), leaked)
  return { given, run, closing, leaked }
}

/** A store that is away for the first `failures` calls of a method, and remembers what was applied. */
function storeOf(failures: Partial<Record<'isDone' | 'apply' | 'interactive', number>> = {}, pings = false) {
  const left = { isDone: 0, apply: 0, interactive: 0, ...failures }
  const applied: Write[][] = []
  const away = (method: keyof typeof left) => {
    if (left[method]-- > 0) throw new StoreUnavailable('away')
  }
  const store = {
    isDone: () => Promise.resolve().then(() => (away('isDone'), applied.length > 0)),
    apply: (_: unknown, writes: Write[]) =>
      Promise.resolve().then(() => (away('apply'), applied.push(writes), 'applied' as const)),
    interactive: async (_: unknown, work: (transaction: HandlerDatabase) => Promise<void>) => {
      away('interactive')
      const writes: Write[] = []
      await work({
        run: (sql, params = []) => Promise.resolve(void writes.push({ sql, params })),
        query: () => Promise.resolve([]),
      })
      applied.push(writes)
      return 'applied' as const
    },
    query: () => Promise.resolve([]),
    ping: () => (pings ? Promise.resolve() : Promise.reject(new StoreUnavailable('away'))),
  } as unknown as Store
  return { store, applied }
}

const noWait = () => 0
const turns = (atOnce = 10) => {
  const all = new Turns(atOnce)
  return { take: <T>(_: Job, work: () => Promise<T>) => all.take(work) }
}

test('the writes are committed after the handler has returned, in order', async () => {
  const { store, applied } = storeOf()
  const { given, run } = job(async (db) => {
    await db.run('one', [1])
    expect(applied).toEqual([])
    await db.run('two')
  })
  expect(await once({ store, run, turns: turns(), random: noWait })(given)).toBe('applied')
  expect(applied).toEqual([
    [
      { sql: 'one', params: [1] },
      { sql: 'two', params: [] },
    ],
  ])
})

test('a message that is done is not handled again', async () => {
  const { store } = storeOf()
  let runs = 0
  const { given, run } = job(() => Promise.resolve(void runs++))
  await once({ store, run, turns: turns(), random: noWait })(given)
  expect(await once({ store, run, turns: turns(), random: noWait })(given)).toBe('duplicate')
  expect(runs).toBe(1)
})

test('a handler that throws leaves nothing', async () => {
  const { store, applied } = storeOf()
  const { given, run } = job(async (db) => {
    await db.run('one')
    throw new Error('no')
  })
  await expect(once({ store, run, turns: turns(), random: noWait })(given)).rejects.toThrow('no')
  expect(applied).toEqual([])
})

test('a store that is away is waited for, and the handler is not run again for a commit that failed', async () => {
  const { store, applied } = storeOf({ isDone: 2, apply: 3 })
  let runs = 0
  const { given, run } = job(async (db) => {
    runs++
    await db.run('one')
  })
  expect(await once({ store, run, turns: turns(), random: noWait })(given)).toBe('applied')
  expect(runs).toBe(1)
  expect(applied).toHaveLength(1)
})

test('an interactive handler runs in the transaction, and again when the store went away under it', async () => {
  const { store, applied } = storeOf({ interactive: 2 })
  const { given, run } = job((db) => db.run('one'), { transaction: 'interactive' })
  expect(await once({ store, run, turns: turns(), random: noWait })(given)).toBe('applied')
  expect(applied).toEqual([[{ sql: 'one', params: [] }]])
})

test('a store that answers others but never this message fails it in the end, so that it cannot be held for ever', async () => {
  const { store, applied } = storeOf({ apply: Infinity }, true)
  let runs = 0
  const { given, run } = job((db) => {
    runs++
    return db.run('too slow')
  })
  await expect(once({ store, run, turns: turns(), random: noWait })(given)).rejects.toBeInstanceOf(StoreRefuses)
  expect({ runs, applied }).toEqual({ runs: 1, applied: [] })
})

test('a store that is away now and then is waited for, however often this message was the one that met it', async () => {
  const { store, applied } = storeOf({ apply: 40 })
  let pings = 0
  const ping = () => (++pings % 10 === 0 ? Promise.reject(new StoreUnavailable('away')) : Promise.resolve())
  const { given, run } = job((db) => db.run('one'))
  expect(await once({ store: { ...store, ping }, run, turns: turns(), random: noWait })(given)).toBe('applied')
  expect(applied).toEqual([[{ sql: 'one', params: [] }]])
})

test('an interactive handler whose store is full is begun again ever more seldom, however long that lasts', async () => {
  jest.useFakeTimers()
  try {
    const { store } = storeOf()
    let runs = 0
    const { given, run, closing } = job(
      () => {
        runs++
        throw new StoreFull('no room')
      },
      { transaction: 'interactive' },
    )
    const waiting = once({ store, run, turns: turns(), random: () => 0.99 })(given)
    await jest.advanceTimersByTimeAsync(60_000)
    expect(runs).toBeGreaterThan(5)
    expect(runs).toBeLessThan(12)
    closing.abort()
    await expect(waiting).rejects.toBeInstanceOf(Closing)
  } finally {
    jest.useRealTimers()
  }
})

test('nothing is left listening on the signal of a handler that has returned', async () => {
  const { store } = storeOf()
  let signal: AbortSignal | undefined
  const { given, run } = job((_, given) => {
    signal = given
    return Promise.resolve()
  })
  await once({ store, run, turns: turns(), random: noWait })(given)
  expect(signal && getEventListeners(signal, 'abort')).toEqual([])
})

test('closing ends the waiting for a store that stays away', async () => {
  const { store } = storeOf({ isDone: Infinity })
  const { given, run, closing } = job(() => Promise.resolve())
  const waiting = once({ store, run, turns: turns(), random: Math.random })(given)
  closing.abort()
  await expect(waiting).rejects.toBeInstanceOf(Closing)
})

test('a handler whose turn comes after the closing is not begun', async () => {
  const { store } = storeOf()
  let runs = 0
  const { given, run, closing } = job(() => Promise.resolve(void runs++), { transaction: 'interactive' })
  closing.abort()
  await expect(once({ store, run, turns: turns(), random: noWait })(given)).rejects.toBeInstanceOf(Closing)
  expect(runs).toBe(0)
})

test('a handler out of time is left behind, counted, and what it writes afterwards is refused', async () => {
  const { store, applied } = storeOf()
  const late = Promise.withResolvers<void>()
  let lateWrite: Promise<void> | undefined
  const { given, run, leaked } = job(
    async (db) => {
      await late.promise
      lateWrite = db.run('too late')
      await lateWrite
    },
    { timeLimitMs: 20 },
  )
  await expect(once({ store, run, turns: turns(), random: noWait })(given)).rejects.toBeInstanceOf(TimeLimitExceeded)
  expect(leaked.count).toBe(1)
  late.resolve()
  await new Promise(setImmediate)
  await expect(lateWrite).rejects.toThrow(/db\.run after the handler has ended/)
  expect(leaked.count).toBe(0)
  expect(applied).toEqual([])
})

test('the signal tells the handler that its time is over, and closing tells it, too', async () => {
  const { store } = storeOf()
  const outOfTime = job(
    (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    { timeLimitMs: 20 },
  )
  await expect(
    once({ store, run: outOfTime.run, turns: turns(), random: noWait })(outOfTime.given),
  ).rejects.toBeInstanceOf(TimeLimitExceeded)
  const closed = job(() => new Promise(() => {}))
  const running = once({ store, run: closed.run, turns: turns(), random: noWait })(closed.given)
  await new Promise(setImmediate)
  closed.closing.abort()
  await expect(running).rejects.toBeInstanceOf(Closing)
})

test('a handler that waits for its commit has left its turn to the next one', async () => {
  const { store } = storeOf()
  let commit = () => {}
  const slow = {
    ...store,
    apply: () => new Promise((resolve) => (commit = () => resolve('applied'))),
  } as unknown as Store
  const shared = turns(1)
  const first = job(() => Promise.resolve())
  const waiting = once({ store: slow, run: first.run, turns: shared, random: noWait })(first.given)
  await new Promise(setImmediate)
  const second = job(() => Promise.resolve())
  await expect(once({ store, run: second.run, turns: shared, random: noWait })(second.given)).resolves.toBe('applied')
  commit()
  await expect(waiting).resolves.toBe('applied')
})

test('where a turn ends with the commit, the next handler begins after that', async () => {
  const { store } = storeOf()
  const commit = Promise.withResolvers<'applied'>()
  const steps: string[] = []
  const slow = {
    ...store,
    apply: () => commit.promise.then((applied) => (steps.push('committed'), applied)),
  } as unknown as Store
  const parts = { turns: turns(1), turnEnds: 'with the commit', random: noWait } as const
  const first = job(() => Promise.resolve(void steps.push('first')))
  const second = job(() => Promise.resolve(void steps.push('second')))
  const both = [
    once({ ...parts, store: slow, run: first.run })(first.given),
    once({ ...parts, store, run: second.run })(second.given),
  ]
  await new Promise(setImmediate)
  expect(steps).toEqual(['first'])
  commit.resolve('applied')
  await Promise.all(both)
  expect(steps).toEqual(['first', 'committed', 'second'])
})
