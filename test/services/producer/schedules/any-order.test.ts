/** Whatever producers, clocks, deaths and outages there are: each planned time is fired, and is one message. */
import { array, assert, asyncProperty, constantFrom, integer, record, type Arbitrary } from 'fast-check'
import { openStore } from '../../../../shared/store/open-store'
import { atEnd } from '../../../support/ends'
import { howMany } from '../../../support/how-many'
import { temporaryStoreUrl } from '../../../support/temporary-store'
import { reports } from './reports'
import { Stage, type Player } from './stage'

const minute = 60_000
const schedule = reports({ cron: '*/5 * * * *' })
const lastMs = 25 * minute
/** Past the last planned time that is looked at, with all that a death can cost. */
const endMs = lastMs + 3 * minute

const producers = array(
  record({
    startsAtMs: integer({ min: 0, max: 4 * minute }),
    aheadMs: integer({ min: -5_000, max: 5_000 }),
    turnsByMs: integer({ min: -2_000, max: 2_000 }),
    /** Where in its second firing it dies, if it does. */
    dies: constantFrom('never', 'with the claim', 'after the publish'),
  }),
  { minLength: 1, maxLength: 3 },
)
type Producer = typeof producers extends Arbitrary<(infer P)[]> ? P : never

function start(stage: Stage, { aheadMs, dies }: Producer): Player {
  let firings = 0
  const player: Player = stage.start({
    schedule,
    aheadMs,
    accept: () => {
      if (++firings === 2 && dies === 'with the claim') player.die()
      return { outcome: firings === 2 && dies === 'with the claim' ? 'not_accepted' : 'confirmed', detail: '' }
    },
    firings: {
      end: (...args) => {
        if (firings !== 2 || dies !== 'after the publish') return stage.firings.end(...args)
        player.die()
        return Promise.resolve(false)
      },
    },
  })
  return player
}

/** One more that stays: a producer that has died is started again, sooner or later. */
const restarted: Producer = { startsAtMs: 4 * minute, aheadMs: 0, turnsByMs: 0, dies: 'never' }

async function play(all: readonly Producer[]): Promise<Stage> {
  const stage = new Stage('2026-01-01T00:00:30.000Z')
  let passed = 0
  const players: Player[] = []
  for (const producer of [...all].sort((a, b) => a.startsAtMs - b.startsAtMs)) {
    await stage.clock.pass(producer.startsAtMs - passed)
    passed = producer.startsAtMs
    players.push(start(stage, producer))
  }
  await stage.clock.pass(lastMs / 2 - passed)
  players.forEach((player, index) => player.turn(all[index]?.turnsByMs ?? 0))
  await stage.clock.pass(endMs - lastMs / 2)
  for (const player of players) player.die()
  return stage
}

test('of many producers over one store', async () => {
  await assert(
    asyncProperty(producers, async (all) => {
      const stage = await play([...all, restarted])
      const deaths = all.filter(({ dies }) => dies === 'after the publish').length
      const ids = stage.published.map(({ envelope }) => envelope.id)
      expect([...new Set(stage.times())].sort()).toEqual(['00:05', '00:10', '00:15', '00:20', '00:25'])
      expect(new Set(ids).size).toBe(5)
      expect(ids.length - 5).toBeLessThanOrEqual(deaths)
      expect([...stage.ends()].sort()).toEqual(['00:05', '00:10', '00:15', '00:20', '00:25'].map((at) => `fired ${at}`))
    }),
    { numRuns: howMany({ sampled: 25, long: 2_000 }) },
  )
})

test('of three over one SQLite file: one row and one message for each planned time', async () => {
  const store = await openStore({ url: await temporaryStoreUrl(), migrations: [] })
  atEnd(() => store.close())
  const stage = new Stage()
  const players = [0, 1_000, -1_000].map((aheadMs) => stage.start({ aheadMs, firings: store.firings }))
  for (let passed = 0; passed < 5; passed++) await stage.passMinute()
  await Promise.all(players.map(({ keeper }) => keeper.stop()))
  expect(stage.times()).toEqual(['00:01', '00:02', '00:03', '00:04', '00:05'])
  const rows = await store.query('select outcome from handoff_firings')
  expect(rows).toEqual(Array(5).fill({ outcome: 'fired' }))
})
