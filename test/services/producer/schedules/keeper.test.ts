import { keyedMessageId } from '../../../../services/producer/message-id'
import { StoreUnavailable } from '../../../../shared/store/store'
import { reportDue, reports } from './reports'
import { Stage, type Player } from './stage'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const nightly = (catchUpMs?: number) => reports({ cron: '0 3 * * *', ...(catchUpMs !== undefined && { catchUpMs }) })

/** Ends in order, as at a stop, and is away for so long. */
async function away(stage: Stage, { keeper }: Player, forMs: number): Promise<void> {
  await keeper.stop()
  await stage.clock.pass(forMs)
}

test('each planned time is fired once, with the message that it says', async () => {
  const stage = new Stage()
  stage.start()
  await stage.clock.pass(3 * minute)
  expect(stage.times()).toEqual(['00:01', '00:02', '00:03'])
  expect(stage.ends()).toEqual(['fired 00:01', 'fired 00:02', 'fired 00:03'])
  const time = '2026-01-01T00:01:00.000Z'
  const source = '/test/schedules/reports'
  expect(stage.published[0]).toMatchObject({
    envelope: {
      id: keyedMessageId(source, time),
      source,
      type: reportDue.name,
      time,
      contentType: 'application/json',
      data: Buffer.from(JSON.stringify({ at: time })),
      extensions: { traceparent: expect.stringMatching(/^00-/) as string },
    },
    route: { kind: 'event' },
    acceptance: 'confirm-then-spool',
  })
})

test('many producers fire each planned time once, also when their clocks differ by seconds', async () => {
  const stage = new Stage()
  for (const aheadMs of [0, 4_000, -4_000]) stage.start({ aheadMs })
  await stage.clock.pass(5 * minute)
  expect(stage.times()).toEqual(['00:01', '00:02', '00:03', '00:04', '00:05'])
  expect(stage.ends()).toHaveLength(5)
})

describe('while no producer runs', () => {
  test('a schedule that is new does not fire for what was before it', async () => {
    const stage = new Stage('2026-01-01T03:00:01.000Z')
    stage.start({ schedule: nightly() })
    await stage.clock.pass(minute)
    expect(stage.told).toEqual([])
  })

  test.each([
    ['a nightly one', '2026-01-01T02:59:50.000Z', nightly(), 30_000, ['fired 03:00']],
    ['one that is an hour late', '2026-01-01T02:30:00.000Z', nightly(), 90 * minute - 1, ['fired 03:00']],
    ['the latest of six hundred', '2026-01-01T00:00:30.000Z', reports(), 10 * hour, ['fired 10:00']],
    ['one within a bound of its own', '2026-01-01T02:30:00.000Z', nightly(day), 20 * hour, ['fired 03:00']],
  ])('%s that was missed is fired once', async (_, start, schedule, forMs, ends) => {
    const stage = new Stage(start)
    await away(stage, stage.start({ schedule }), forMs)
    for (const aheadMs of [0, 1_000]) stage.start({ schedule, aheadMs })
    await stage.clock.pass(0)
    expect(stage.ends()).toEqual(ends)
  })

  test.each([
    ['one that is older than an hour', nightly(), 90 * minute + 1_001],
    ['any with a bound of 0', nightly(0), 30 * minute + 1_001],
  ])('%s is not fired any more, which one producer tells', async (_, schedule, forMs) => {
    const stage = new Stage('2026-01-01T02:30:00.000Z')
    await away(stage, stage.start({ schedule }), forMs)
    for (const aheadMs of [0, 1_000]) stage.start({ schedule, aheadMs })
    await stage.clock.pass(minute)
    const plannedAt = '2026-01-01T03:00:00.000Z'
    expect(stage.told).toEqual([{ what: 'missed', plannedAt, why: 'no producer was there in time' }])
  })

  test('what was fired before is not fired again', async () => {
    const stage = new Stage('2026-01-01T02:59:30.000Z')
    const schedule = nightly()
    const first = stage.start({ schedule })
    await stage.clock.pass(minute)
    await away(stage, first, minute)
    stage.start({ schedule })
    await stage.clock.pass(minute)
    expect(stage.ends()).toEqual(['fired 03:00'])
  })

  test('another expression or time zone is a new schedule, which fires nothing for the past', async () => {
    const stage = new Stage('2026-01-01T02:59:30.000Z')
    const first = stage.start({ schedule: nightly() })
    await stage.clock.pass(minute)
    await away(stage, first, hour)
    stage.start({ schedule: reports({ cron: '0 4 * * *' }) })
    await stage.clock.pass(minute)
    expect(stage.ends()).toEqual(['fired 03:00'])
  })
})

describe('a producer that dies with a claim', () => {
  const dying = (stage: Stage, after: 'claim' | 'publish', schedule = reports()) => {
    const player: Player = stage.start({
      schedule,
      accept: () => {
        if (after === 'publish') return { outcome: 'confirmed', detail: '' }
        player.die()
        return { outcome: 'not_accepted', detail: '' }
      },
      firings: {
        end: () => {
          player.die()
          return Promise.resolve(false)
        },
      },
    })
    return player
  }

  test('before it has published: another one fires, half a minute later', async () => {
    const stage = new Stage()
    dying(stage, 'claim')
    await stage.clock.pass(1)
    stage.start()
    await stage.clock.pass(59_000)
    expect(stage.published).toEqual([])
    await stage.clock.pass(3_000)
    expect(stage.ends()).toEqual(['fired 00:01'])
  })

  test('after it has published: another one publishes the same id', async () => {
    const stage = new Stage()
    dying(stage, 'publish')
    await stage.clock.pass(1)
    stage.start()
    await stage.clock.pass(62_000)
    expect(stage.times()).toEqual(['00:01', '00:01'])
    expect(new Set(stage.published.map(({ envelope }) => envelope.id)).size).toBe(1)
    expect(stage.ends()).toEqual(['fired 00:01'])
  })

  test('and is back long after: the firing is not lost, whatever the bound for what was missed', async () => {
    const stage = new Stage('2026-01-01T02:59:30.000Z')
    dying(stage, 'claim', nightly(0))
    await stage.clock.pass(10 * hour)
    stage.start({ schedule: nightly(0) })
    await stage.clock.pass(0)
    expect(stage.ends()).toEqual(['fired 03:00'])
  })
})

test('a producer whose way to the broker is cut leaves the firing to one that has it', async () => {
  const stage = new Stage()
  stage.start({ accept: () => ({ outcome: 'not_accepted', detail: 'cut off' }) })
  await stage.clock.pass(29_999)
  stage.start()
  await stage.clock.pass(25_000)
  expect(stage.ends()).toEqual(['fired 00:01'])
})

describe('what cannot be accepted', () => {
  const refused = { outcome: 'not_accepted', detail: 'the broker is away' } as const

  test('is tried again, ever more seldom, and fired when it can be', async () => {
    const stage = new Stage()
    const attempts: number[] = []
    stage.start({
      accept: () => {
        attempts.push(stage.clock.now())
        return attempts.length < 5 ? refused : { outcome: 'confirmed', detail: '' }
      },
    })
    await stage.clock.pass(minute)
    const pauses = attempts.slice(1).map((at, index) => at - (attempts[index] ?? 0))
    expect(pauses).toEqual([495, 990, 1_980, 3_960])
    expect(stage.told.map(({ what }) => what)).toEqual(['delayed', 'fired'])
  })

  test('is given up at the next planned time, which one producer tells', async () => {
    const stage = new Stage()
    let isAway = true
    for (const aheadMs of [0, 50])
      stage.start({ aheadMs, accept: () => (isAway ? refused : { outcome: 'confirmed', detail: '' }) })
    await stage.clock.pass(85_000)
    expect(stage.ends()).toEqual([])
    isAway = false
    await stage.clock.pass(minute)
    expect(stage.ends()).toEqual(['missed 00:01', 'fired 00:02'])
    expect(stage.told).toContainEqual({
      what: 'missed',
      plannedAt: '2026-01-01T00:01:00.000Z',
      why: 'it could not be sent before the next planned time',
    })
  })

  test('is as much what cannot be made', async () => {
    const stage = new Stage()
    const schedule = { ...reports(), dataAt: () => ({ at: '' }) }
    stage.start({ schedule })
    await stage.clock.pass(85_000)
    const why = '"report.due" does not fit its schema: /at must NOT have fewer than 1 characters'
    expect(stage.told).toEqual([{ what: 'delayed', plannedAt: '2026-01-01T00:01:00.000Z', why }])
  })
})

describe('while the store is away', () => {
  const unavailable = () => Promise.reject(new StoreUnavailable('away'))

  test('nothing is fired, and what is due is fired when it is back', async () => {
    const stage = new Stage()
    let isAway = false
    const { claim } = stage.firings
    stage.start({ firings: { claim: (...args) => (isAway ? unavailable() : claim(...args)) } })
    await stage.clock.pass(minute)
    isAway = true
    await stage.clock.pass(45_000)
    expect(stage.times()).toEqual(['00:01'])
    isAway = false
    await stage.clock.pass(14_000)
    expect(stage.times()).toEqual(['00:01', '00:02'])
  })

  test('a start waits for it, and fires what became due meanwhile', async () => {
    const stage = new Stage()
    await away(stage, stage.start({ schedule: reports({ catchUpMs: 0 }) }), 0)
    let isAway = true
    const { watch } = stage.firings
    const firings = { watch: (...args: Parameters<typeof watch>) => (isAway ? unavailable() : watch(...args)) }
    stage.start({ schedule: reports({ catchUpMs: 0 }), firings })
    await stage.clock.pass(50_000)
    isAway = false
    await stage.clock.pass(10_000)
    expect(stage.ends()).toEqual(['fired 00:01'])
  })

  test('what was accepted is not published again, and noted later', async () => {
    const stage = new Stage()
    let isAway = true
    const { end } = stage.firings
    stage.start({ firings: { end: (...args) => (isAway ? unavailable() : end(...args)) } })
    await stage.clock.pass(50_000)
    expect(stage.ends()).toEqual([])
    isAway = false
    await stage.clock.pass(20_000)
    expect(stage.times()).toEqual(['00:01'])
    expect(stage.ends()).toEqual(['fired 00:01'])
  })

  test('a claim that was heard of too late is claimed again before anything is published', async () => {
    const stage = new Stage()
    const { claim } = stage.firings
    let claims = 0
    const slowly = async (...args: Parameters<typeof claim>) => {
      const answer = await claim(...args)
      if (++claims === 1) await new Promise<void>((resolve) => stage.clock.after(16_000, resolve))
      return answer
    }
    stage.start({ firings: { claim: slowly } })
    await stage.clock.pass(50_000)
    expect([claims, stage.times()]).toEqual([2, ['00:01']])
  })
})

describe('a clock that is set', () => {
  test('forwards fires the latest planned time, and goes on from there', async () => {
    const stage = new Stage()
    const player = stage.start()
    await stage.clock.pass(minute)
    player.turn(hour)
    await stage.clock.pass(minute)
    expect(stage.times()).toEqual(['00:01', '01:01', '01:02'])
  })

  test('forwards over more than the bound fires nothing for the time between', async () => {
    const stage = new Stage('2026-01-01T00:00:30.000Z')
    const player = stage.start({ schedule: nightly() })
    await stage.clock.pass(minute)
    player.turn(5 * hour)
    await stage.clock.pass(minute)
    expect(stage.ends()).toEqual(['missed 03:00'])
  })

  test('backwards fires nothing twice, and nothing is left out that was not fired', async () => {
    const stage = new Stage()
    const player = stage.start()
    await stage.clock.pass(minute)
    player.turn(5 * minute)
    await stage.clock.pass(minute)
    player.turn(-6 * minute)
    await stage.clock.pass(9 * minute)
    const times = stage.times()
    expect(times.slice(0, 3)).toEqual(['00:01', '00:06', '00:07'])
    expect([...times].sort()).toEqual([
      '00:01',
      '00:02',
      '00:03',
      '00:04',
      '00:05',
      '00:06',
      '00:07',
      '00:08',
      '00:09',
      '00:10',
    ])
    expect(stage.ends()).toHaveLength(10)
  })
})

describe('a stop', () => {
  test('waits for the firing at work, and begins no other', async () => {
    const stage = new Stage()
    const answer = Promise.withResolvers<void>()
    const { keeper } = stage.start({ accept: () => answer.promise.then(() => ({ outcome: 'confirmed', detail: '' })) })
    await stage.clock.pass(minute)
    let isStopped = false
    const stopped = keeper.stop().then(() => (isStopped = true))
    await stage.clock.pass(5 * minute)
    expect(isStopped).toBe(false)
    answer.resolve()
    await stopped
    await stage.clock.pass(5 * minute)
    expect(stage.ends()).toEqual(['fired 00:01'])
  })

  test('publishes nothing that was claimed and not begun', async () => {
    const stage = new Stage()
    const answer = Promise.withResolvers<void>()
    const { claim } = stage.firings
    const { keeper } = stage.start({ firings: { claim: (...args) => answer.promise.then(() => claim(...args)) } })
    await stage.clock.pass(minute)
    const stopped = keeper.stop()
    answer.resolve()
    await stopped
    expect(stage.published).toEqual([])
  })

  test('ends every wait: for the next time, for the store, for another attempt', async () => {
    const stage = new Stage()
    const refusing = { accept: () => ({ outcome: 'unknown', detail: '' }) as const }
    const withoutStore = { firings: { watch: () => Promise.reject(new StoreUnavailable('away')) } }
    const players = [{}, refusing, withoutStore].map((options) => stage.start(options))
    await stage.clock.pass(31_000)
    await Promise.all(players.map(({ keeper }) => keeper.stop()))
    expect(stage.published.length).toBeLessThan(2)
  })
})
