import { parseOptions, rowNames } from '../../../scripts/bench/options'

test('by default all rows run in full', () => {
  expect(parseOptions([])).toEqual({ rows: rowNames, size: 'full' })
})

test('rows are chosen, in that order, and rounds can be quick', () => {
  expect(parseOptions(['--rows', 'consume,http', '--quick'])).toEqual({ rows: ['consume', 'http'], size: 'quick' })
})

test.each([
  [['--fast'], '"--fast" is not known here'],
  [['--rows', 'http,htpp'], 'there is no row "htpp"'],
  [['--rows'], 'there is no row ""'],
])('%j is refused, and what there is is told', (args, words) => {
  expect(() => parseOptions(args)).toThrow(words)
})
