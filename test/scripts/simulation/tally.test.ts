import { Tally } from '../../../scripts/simulation/tally'

const run = { seed: 1, faults: [], messages: 10, troubles: ['broker killed'], lastedMs: 1_800_000, processorMs: 20.04 }

test('runs that keep every promise say how sure that makes one', () => {
  const tally = new Tally()
  for (let seed = 1; seed <= 300; seed++) tally.add({ ...run, seed })
  expect(tally.lines(7)).toEqual([
    '300 runs, 3000 messages, 150.0 hours of their own time in 7 s',
    "42.9 runs a second, each with 20.0 ms of a processor's time",
    'runs in which there was: broker killed 300',
    'every promise kept: with 95 % confidence, fewer than one such run in 100 breaks one',
  ])
})

test('those that break one are named by their seeds', () => {
  const tally = new Tally()
  for (const seed of [4, 5, 6]) tally.add({ ...run, seed, faults: seed === 5 ? [] : ['LOST'] })
  expect(tally.lines(1).at(-1)).toBe('2 runs broke a promise: 4, 6')
})
