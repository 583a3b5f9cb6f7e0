import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseOptions, rowNames } from '../../../scripts/bench/options'

test('by default all rows run in full', () => {
  expect(parseOptions([])).toEqual({ rows: rowNames, size: 'full' })
})

test('rows are chosen, in that order, and rounds can be quick', () => {
  expect(parseOptions(['--rows', 'consume,http', '--quick'])).toEqual({ rows: ['consume', 'http'], size: 'quick' })
})

test('another build is named by its folder, which must be built', () => {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-before-'))
  try {
    expect(() => parseOptions(['--before', folder])).toThrow('another checkout that is built')
    mkdirSync(join(folder, 'dist', 'services'), { recursive: true })
    expect(parseOptions(['--before', folder])).toMatchObject({ before: folder })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('contestants are chosen by how their names begin', () => {
  expect(parseOptions(['--only', 'bare,Handoff'])).toMatchObject({ only: ['bare', 'Handoff'] })
})

test('a broker that runs already is named by its address', () => {
  expect(parseOptions(['--broker', 'amqp://a:b@h/v'])).toMatchObject({ brokerUrl: 'amqp://a:b@h/v' })
})

test.each([
  [['--fast'], 'use --quick, --before FOLDER'],
  [['fast'], 'use --quick, --before FOLDER'],
  [['--rows', 'http,htpp'], 'there is no row "htpp"'],
  [['--rows', ''], 'there is no row ""'],
  [['--rows'], "'--rows <value>' argument missing"],
  [['--broker', 'localhost:5672'], '--broker wants the address'],
  [['--before', ''], '--before wants the folder'],
])('%j is refused, and what there is is told', (args, words) => {
  expect(() => parseOptions(args)).toThrow(words)
})
