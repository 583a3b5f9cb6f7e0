import * as fc from 'fast-check'
import { AdaptiveLimit } from '../../../../services/consumer/load/adaptive-limit'
import type { HandlerRun } from '../../../../services/consumer/load/limit-window'
import { ManualClock } from '../../../support/manual-clock'

/** A dependency with so many servers: what comes above that waits in line there, so that all take longer. */
interface Dependency {
  servers: number
  serviceMs: number
}

interface World {
  readonly clock: ManualClock
  readonly limit: AdaptiveLimit
  readonly lag: { ms: number }
}

function worldOf(ceiling = 20, floor = 1): World {
  const clock = new ManualClock()
  const lag = { ms: 20 }
  return { clock, lag, limit: new AdaptiveLimit({ floor, ceiling, clock, lagMs: () => lag.ms }) }
}

interface Working {
  readonly dependency: Dependency
  readonly seconds: number
  /** From 0 to 1. */
  readonly random: () => number
  readonly ended?: HandlerRun['ended']
  readonly type?: string
  /** No more work than this is there at once. */
  readonly demand?: number
}

/** Keeps all of the limit busy, or as much as there is to do. Answers with the limits there were. */
async function work({ clock, limit }: World, working: Working): Promise<readonly number[]> {
  const { dependency, seconds, random, ended = 'well', type = 'pay', demand = Infinity } = working
  const until = clock.now() + seconds * 1_000
  const seen: number[] = []
  while (clock.now() < until) {
    const atOnce = Math.min(limit.current, demand)
    limit.inUse(atOnce)
    const ms = dependency.serviceMs * Math.max(1, atOnce / dependency.servers)
    await clock.pass(ms)
    for (let run = 0; run < atOnce; run++) limit.note({ type, ms: ms * (0.5 + random()), ended })
    seen.push(limit.current)
  }
  return seen
}

const average = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length

const seeds = fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }))
const randomOf = (stream: Iterator<number>) => () => Number(stream.next().value)
const runs = { numRuns: 20 }

test('it stays within floor and ceiling whatever happens', async () => {
  const run = fc.record({
    type: fc.constantFrom('pay', 'refund'),
    ms: fc.double({ min: 0, max: 100_000, noNaN: true }),
    ended: fc.constantFrom('well', 'failed', 'otherwise'),
  }) as fc.Arbitrary<HandlerRun>
  const step = fc.record({ run, inUse: fc.nat(30), lagMs: fc.nat(300), passMs: fc.nat(900) })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 200 }), async (steps) => {
      const { clock, limit, lag } = worldOf(20, 3)
      for (const { run: each, inUse, lagMs, passMs } of steps) {
        lag.ms = lagMs
        limit.inUse(inUse)
        limit.note(each)
        if (passMs > 700) await clock.pass(passMs)
        expect(limit.current).toBeGreaterThanOrEqual(3)
        expect(limit.current).toBeLessThanOrEqual(20)
      }
    }),
    runs,
  )
})

test('a dependency that has lost most of its servers is sent less, and as much as before when it has them back', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, fc.integer({ min: 2, max: 6 }), async (stream, servers) => {
      const world = worldOf()
      const random = randomOf(stream)
      const dependency = { servers: 20, serviceMs: 100 }
      await work(world, { dependency, seconds: 30, random })
      expect(world.limit.current).toBe(20)
      dependency.servers = servers
      const overloaded = await work(world, { dependency, seconds: 60, random })
      expect(average(overloaded.slice(-20))).toBeLessThan(servers * 3)
      dependency.servers = 20
      await work(world, { dependency, seconds: 60, random })
      expect(world.limit.current).toBe(20)
    }),
    runs,
  )
}, 120_000)

test('constant work that is well keeps all it has, be it a lot or a little', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, fc.integer({ min: 1, max: 40 }), async (stream, demand) => {
      const world = worldOf()
      const dependency = { servers: 40, serviceMs: 100 }
      const seen = await work(world, { dependency, seconds: 60, random: randomOf(stream), demand })
      expect(Math.min(...seen)).toBeGreaterThanOrEqual(14)
      expect(average(seen)).toBeGreaterThan(19)
    }),
    runs,
  )
}, 120_000)

test('work that has become slower by itself is given all again: less of it would not be faster', async () => {
  const world = worldOf()
  const dependency = { servers: 40, serviceMs: 100 }
  await work(world, { dependency, seconds: 30, random: () => 0.5 })
  dependency.serviceMs = 400
  const seen = await work(world, { dependency, seconds: 30, random: () => 0.5 })
  expect(Math.min(...seen)).toBeLessThan(10)
  await work(world, { dependency, seconds: 600, random: () => 0.5 })
  expect(world.limit.current).toBe(20)
})

test('a slow type beside a fast one is no sign of anything', async () => {
  const world = worldOf()
  const fast = { servers: 40, serviceMs: 20 }
  const slow = { servers: 40, serviceMs: 2_000 }
  const seen: number[] = []
  for (let round = 0; round < 20; round++) {
    seen.push(...(await work(world, { dependency: fast, seconds: 1, random: () => 0.5 })))
    seen.push(...(await work(world, { dependency: slow, seconds: 1, random: () => 0.5, type: 'refund' })))
  }
  expect(Math.min(...seen)).toBe(20)
})

const fine = { dependency: { servers: 40, serviceMs: 100 }, random: () => 0.5 }

test('failures bring it down to the floor, and their end up again', async () => {
  const world = worldOf(20, 2)
  await work(world, { ...fine, seconds: 30, ended: 'failed' })
  expect(world.limit.current).toBe(2)
  expect(world.limit.strain).toBe('failures')
  await work(world, { ...fine, seconds: 120 })
  expect(world.limit.current).toBe(20)
  expect(world.limit.strain).toBeUndefined()
})

test('an event loop that is late brings it down, but not where the group is hardly at work', async () => {
  const world = worldOf()
  world.lag.ms = 150
  await work(world, { ...fine, seconds: 30, demand: 5 })
  expect(world.limit.current).toBe(20)
  await work(world, { ...fine, seconds: 5 })
  expect(world.limit.current).toBeLessThan(10)
  expect(world.limit.strain).toBe('event loop')
})

test('more throughput is worth a longer wait', async () => {
  const world = worldOf()
  const dependency = { servers: 2, serviceMs: 100 }
  await work(world, { dependency, seconds: 30, random: () => 0.5, demand: 1 })
  await work(world, { dependency, seconds: 4, random: () => 0.5, demand: 6 })
  expect(world.limit.current).toBe(20)
})
