import { parseSimulationOptions } from '../../../scripts/simulation/options'

test('by default a thousand seeds from the first, on all processors', () => {
  const { workers, ...rest } = parseSimulationOptions([])
  expect(rest).toEqual({ from: 1, count: 1_000, story: 'untold' })
  expect(workers).toBeGreaterThan(0)
})

test('one seed is told whole', () => {
  expect(parseSimulationOptions(['--seed', '47'])).toEqual({ from: 47, count: 1, workers: 1, story: 'told' })
})

test('no more processes than seeds', () => {
  expect(parseSimulationOptions(['--seeds', '2', '--from', '9', '--workers', '8'])).toMatchObject({
    from: 9,
    workers: 2,
  })
})

test.each([
  [['--seeds', 'many'], '--seeds is "many"; give a whole number'],
  [['--from', '0'], '--from is "0"'],
  [['--seed', '1', '--seeds', '2'], '--seed 1 is one run, which nothing else goes with'],
  [['--sedes', '2'], 'use --seeds COUNT'],
])('%j is refused with what there is', (args, message) => {
  expect(() => parseSimulationOptions(args)).toThrow(message)
})
