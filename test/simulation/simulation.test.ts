/** Whole runs of the services against a simulated world; `npm run simulate` runs more of them. */
import { figure } from '../support/figures'
import { howMany } from '../support/how-many'
import { plants } from './plants'
import { runSeeds } from './run-seeds'

jest.setTimeout(1_800_000)

test('nothing is lost, doubled, parked without a reason or left lying, whatever happens', async () => {
  const count = howMany({ sampled: 100, long: 20_000 })
  const runs = await runSeeds({ from: 1, count })
  figure('simulated', runs.length, 'runs')
  figure(
    'in them',
    runs.reduce((sum, { messages }) => sum + messages, 0),
    'messages',
  )
  expect(runs.filter(({ faults }) => faults.length > 0)).toEqual([])
  expect(runs).toHaveLength(count)
})

test('a seed makes the same run each time, in whichever company', async () => {
  const [together, alone] = await Promise.all([
    runSeeds({ from: 40, count: 8 }),
    runSeeds({ from: 47, count: 1, story: true }),
  ])
  expect(together.at(-1)).toMatchObject({ seed: 47, fingerprint: alone[0]?.fingerprint })
  expect(new Set(together.map(({ fingerprint }) => fingerprint)).size).toBe(8)
})

test.each(Object.keys(plants))('a planted fault is found: %s', async (plant) => {
  const runs = await runSeeds({ from: 1, count: 2_000, plant })
  figure(`found: ${plant}`, runs.length, 'runs')
  expect(runs.at(-1)?.faults.join('\n')).toMatch(
    /LOST|TWICE|BOTH|PARKED|UNEXPECTED|ORDER|KILLER|NOT SETTLED|settled delivery tag/,
  )
})
