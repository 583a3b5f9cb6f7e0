import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beginPart, figureFiles, partOf } from '../../../scripts/testing/figure-files'
import { figuresReport } from '../../../scripts/testing/figures-report'
import { atEnd } from '../../support/ends'

function freshDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'handoff-figures-'))
  atEnd(() => rmSync(directory, { recursive: true }))
  return directory
}

const line = (value: number) => `${JSON.stringify({ test: 'a cut', what: 'back after', value, unit: 'ms' })}\n`

test.each([
  [[], 'whole'],
  [['--shard=2/3'], '2-of-3'],
  [['--shard', '2/3'], '2-of-3'],
  [['test/faults'], 'selection'],
  [['--shard=2/3', 'test/faults'], 'selection'],
])('%j is the part %s', (jestArguments, part) => expect(partOf(jestArguments)).toBe(part))

test('the parts of one division are told together', () => {
  const directory = freshDirectory()
  writeFileSync(beginPart(directory, '1-of-2'), line(1) + line(2))
  writeFileSync(beginPart(directory, '2-of-2'), line(9))
  writeFileSync(beginPart(directory, 'selection'), line(99))
  const { parts, files } = figureFiles(directory, '2-of-2')
  expect(parts).toEqual(['1-of-2', '2-of-2'])
  expect(figuresReport(files)).toMatch(/a cut *\| back after *\| 3 *\| 2 ms *\| 9 ms/)
})

test.each([
  ['1-of-2', ['2-of-2']],
  ['1-of-3', []],
  ['whole', []],
  ['selection', ['1-of-2', '2-of-2']],
])('beginning %s leaves, of two halves, %j', (begun, left) => {
  const directory = freshDirectory()
  for (const part of ['1-of-2', '2-of-2']) writeFileSync(beginPart(directory, part), line(1))
  beginPart(directory, begun)
  expect(figureFiles(directory, '1-of-2').parts).toEqual(left)
})

test('the whole goes when a part is begun after it', () => {
  const directory = freshDirectory()
  writeFileSync(beginPart(directory, 'whole'), line(1))
  beginPart(directory, '1-of-2')
  expect(figureFiles(directory, 'whole').parts).toEqual([])
})
