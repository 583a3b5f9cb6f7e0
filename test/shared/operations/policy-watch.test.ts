import { CannotSee, type FoundObject } from '../../../shared/messaging/broker-objects'
import { PolicyWatch } from '../../../shared/operations/policy-watch'
import { ManualClock } from '../../support/manual-clock'

const declared = ['ns.work.v1', 'ns.work.dead.v1'].map((name) => ({
  kind: 'queue' as const,
  name,
  facts: { 'x-queue-type': 'quorum', 'x-overflow': 'reject-publish' },
}))
const under = (definition: Record<string, unknown>, names = ['policy "greedy"']): readonly FoundObject[] =>
  declared.map((queue) => ({ ...queue, policy: { names, definition } }))
const fine = under({}, [])
const greedy = under({ overflow: 'drop-head' })
const detail =
  'policy "greedy" sets overflow to "drop-head" on ns.work.v1 and 1 more: ' +
  'a full queue drops messages, and dead-lettering is no longer guaranteed'

/** A watch over what the test says, that has looked once. */
async function watching(first: readonly FoundObject[] | Error) {
  const told: string[] = []
  const say = (level: string) => (_fields: object, message: string) => void told.push(`${level}: ${message}`)
  const clock = new ManualClock()
  const sight = { found: first, looks: 0, count: -1 }
  const watch = new PolicyWatch({
    policies: {
      declared,
      look: () => {
        sight.looks++
        return sight.found instanceof Error ? Promise.reject(sight.found) : Promise.resolve(sight.found)
      },
    },
    everyMs: 60_000,
    clock,
    logger: { info: say('info'), warn: say('warn'), error: say('error') },
    unsafe: { set: (count) => void (sight.count = count) },
  })
  await watch.start()
  const next = async (found: readonly FoundObject[] | Error) => {
    sight.found = found
    await clock.pass(60_000)
    return watch.check()
  }
  return { watch, clock, sight, told, next }
}

test('without an unsafe policy it is green, and looks again each time', async () => {
  const { watch, clock, sight, told } = await watching(fine)
  expect(watch.check()).toEqual({ status: 'ok', detail: 'no policy makes a queue less safe' })
  await clock.pass(180_000)
  expect([sight.looks, sight.count, told]).toEqual([4, 0, ['info: policies over our queues can be seen']])
})

test('an unsafe one is red by its name and key, told once and counted, and green again when it is gone', async () => {
  const { sight, told, next } = await watching(fine)
  told.length = 0
  for (let looks = 0; looks < 3; looks++) expect(await next(greedy)).toEqual({ status: 'failed', detail })
  expect([sight.count, told]).toEqual([2, ['error: a policy makes queues less safe than they were declared']])
  expect(await next(fine)).toMatchObject({ status: 'ok' })
  expect([sight.count, told.slice(1)]).toEqual([0, ['info: no policy makes queues less safe any more']])
})

test('as the broker tells of one queue after the other, nothing is told again', async () => {
  const { told, next } = await watching(greedy.slice(0, 1))
  await next(greedy)
  await next(greedy.slice(1))
  expect(told.filter((line) => line.startsWith('error'))).toHaveLength(1)
})

test('another one is told again', async () => {
  const { told, next } = await watching(greedy)
  const both = under({ overflow: 'drop-head', expires: 5 }, ['policy "greedy"', 'operator policy "hasty"'])
  const { status, detail } = await next(both)
  expect([status, detail]).toEqual(['failed', expect.stringContaining('operator policy "hasty" sets expires to 5')])
  expect(told.filter((line) => line.startsWith('error'))).toHaveLength(2)
})

test('nobody is unready because management is away: it is told once, loudly only where it had been there', async () => {
  const { watch, told, next } = await watching(new CannotSee('refused'))
  expect(watch.check()).toEqual({ status: 'ok', detail: 'cannot be seen: refused' })
  await next(new CannotSee('refused'))
  expect(told).toEqual(['info: policies over our queues cannot be seen'])
  await next(fine)
  expect(await next(new CannotSee('gone'))).toEqual({ status: 'ok', detail: 'cannot be seen: gone' })
  expect(told.at(-1)).toBe('warn: policies over our queues cannot be seen')
})

test('an unsafe policy that was seen counts until it is seen to be gone', async () => {
  const { next } = await watching(greedy)
  expect(await next(new CannotSee('gone'))).toEqual({
    status: 'failed',
    detail: `${detail}; whether it is so still cannot be seen: gone`,
  })
  expect(await next(fine)).toMatchObject({ status: 'ok' })
})

test('while a fresh queue tells nothing yet, it looks again soon', async () => {
  const { watch, clock, sight } = await watching(declared)
  sight.found = greedy
  await clock.pass(6_000)
  expect(watch.check().status).toBe('failed')
})

test('stopped, it looks no more', async () => {
  const { watch, clock, sight } = await watching(fine)
  watch.stop()
  await clock.pass(300_000)
  expect(sight.looks).toBe(1)
})

test('a queue of which nothing is told any more stands under the policy that was last told', async () => {
  const { sight, next } = await watching(greedy)
  expect(await next(declared)).toEqual({ status: 'failed', detail })
  expect(sight.count).toBe(2)
  expect(await next(fine)).toMatchObject({ status: 'ok' })
})

test('queues of which nothing has ever been told are not called safe', async () => {
  const { watch } = await watching(declared)
  expect(watch.check()).toEqual({
    status: 'ok',
    detail: 'no policy makes a queue less safe, as far as is told: of 2 queues nothing is',
  })
})
