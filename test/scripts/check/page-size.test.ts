import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { judge, sizeOf } from '../../../scripts/check/page-size'
import { atEnd } from '../../support/ends'

test('counts what the document names as the first load, compressed, and everything as the whole', () => {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-size-'))
  atEnd(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<script src="./assets/index-1.js"></script>')
  // What cannot be compressed, so that its size is known.
  for (const name of ['index-1', 'later-2']) writeFileSync(join(folder, 'assets', `${name}.js`), randomBytes(10_000))
  writeFileSync(join(folder, 'assets', 'index-1.js.gz'), randomBytes(50_000))
  const { firstLoad, all } = sizeOf(folder)
  expect(firstLoad).toBeGreaterThan(10_000)
  expect(firstLoad).toBeLessThan(10_200)
  expect(all - firstLoad).toBeGreaterThan(9_990)
  expect(all - firstLoad).toBeLessThan(10_100)
})

test.each([
  [80, 120, undefined],
  [81, 120, /first load is 81.0 KiB and may be 80.0 KiB/],
  [10, 121, /all of it is 121.0 KiB and may be 120.0 KiB/],
])('%i KiB of %i', (firstLoad, all, wrong) => {
  const said = judge({ firstLoad: firstLoad * 1_024, all: all * 1_024 })
  if (wrong === undefined) expect(said).toBeUndefined()
  else expect(said).toMatch(wrong)
})
