import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { watchFile } from '../../../shared/runtime/file-watch'
import { atEnd } from '../../support/ends'
import { eventually } from '../../support/eventually'
import { ManualClock } from '../../support/manual-clock'

async function watched() {
  const folder = await mkdtemp(join(tmpdir(), 'handoff-watch-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'file')
  const clock = new ManualClock()
  let changes = 0
  const changed = () => {
    changes++
    return Promise.resolve()
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
  return { path, looks, stop, clock }
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
