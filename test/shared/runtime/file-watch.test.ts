import { mkdtemp, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { watchFile, type Reading } from '../../../shared/runtime/file-watch'
import { atEnd } from '../../support/ends'
import { eventually } from '../../support/eventually'
import { ManualClock } from '../../support/manual-clock'

async function watched() {
  const folder = await mkdtemp(join(tmpdir(), 'handoff-watch-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'file')
  const clock = new ManualClock()
  let changes = 0
  const on = { reading: 'read' as Reading }
  const changed = () => {
    changes++
    return Promise.resolve(on.reading)
  }
  const stop = watchFile({ path, changed, clock, everyMs: 10 })
  const looks = async (count: number) => {
    for (let look = 0; look < count; look++) {
      const before = clock.pending
      await eventually('the look has ended', () => clock.pending > 0 || before > 0)
      await clock.pass(10)
      await eventually('the next is due', () => clock.pending > 0)
    }
    return changes
  }
  return { path, looks, stop, clock, on }
}

test('a change is told when two looks have found the same, also where another file took the place', async () => {
  const { path, looks, stop, clock } = await watched()
  expect(await looks(3)).toBe(1)
  await writeFile(path, 'one')
  expect(await looks(1)).toBe(1)
  await writeFile(path, 'one and more')
  expect(await looks(1)).toBe(1)
  expect(await looks(1)).toBe(2)
  expect(await looks(2)).toBe(2)
  await writeFile(`${path}.new`, 'one and more')
  await rename(`${path}.new`, path)
  expect(await looks(2)).toBe(3)
  await rm(path)
  expect(await looks(2)).toBe(4)
  stop()
  expect(clock.pending).toBe(0)
})

test('what could not be read is told again until it was', async () => {
  const { path, looks, stop, on } = await watched()
  await looks(2)
  on.reading = 'unread'
  await writeFile(path, 'one')
  expect(await looks(5)).toBe(5)
  on.reading = 'read'
  expect(await looks(3)).toBe(6)
  stop()
})

test('a change that keeps size and time is told, too', async () => {
  const { path, looks, stop } = await watched()
  await writeFile(path, 'one')
  const { atime, mtime } = await stat(path)
  await utimes(path, atime, mtime)
  expect(await looks(3)).toBe(1)
  await writeFile(path, 'two')
  await utimes(path, atime, mtime)
  expect(await looks(2)).toBe(2)
  stop()
})
