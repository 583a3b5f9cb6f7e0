import { faultNames } from '../../../scripts/verification/faults/all'
import { OptionsError, parseVerificationOptions } from '../../../scripts/verification/options'

test('without any, each fault comes once, and the seed is another each time', () => {
  const options = parseVerificationOptions([])
  expect(options).toMatchObject({ messages: 2_000, rate: 100, seconds: 0, faults: faultNames.length, patience: 60 })
  expect(options.kinds).toEqual(faultNames)
  expect(Array.from({ length: 5 }, () => parseVerificationOptions([]).seed)).not.toEqual(Array(5).fill(options.seed))
})

test('each can be given', () => {
  const text = '--messages 300 --rate 50 --seconds 9 --faults 0 --kinds half-open,memory-alarm --seed 7 --patience 5'
  const rest = '--journal 0.5 --log-level warn --preload trace.mjs --report here'
  expect(parseVerificationOptions([...text.split(' '), ...rest.split(' ')])).toEqual({
    ...{ messages: 300, rate: 50, seconds: 9, faults: 0, kinds: ['half-open', 'memory-alarm'], seed: 7, patience: 5 },
    journal: 0.5,
    logLevel: 'warn',
    preload: 'trace.mjs',
    report: 'here',
  })
})

test.each([
  [['--messages', 'many'], '--messages is "many"; give a whole number from 1'],
  [['--messages', '0'], 'from 1 to'],
  [['--faults=-1'], '--faults is "-1"'],
  [['--seed', ''], '--seed is ""'],
  [['--kinds', 'half-open,flood'], '--kinds names "flood"; there are producer-killed, '],
  [['--journal', '2'], '--journal is "2"; give a share from 0 to 1'],
  [['--log-level', 'loud'], '--log-level is "loud"; there are trace, '],
  [['--kind', 'half-open'], 'use --messages COUNT (2000)'],
  [['much'], 'use --messages COUNT (2000)'],
])('%s is refused with what there is', (args, words) => {
  expect(() => parseVerificationOptions(args)).toThrow(OptionsError)
  expect(() => parseVerificationOptions(args)).toThrow(words)
})
