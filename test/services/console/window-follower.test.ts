import { entryText, recordText } from '../../../shared/journal/entry'
import { rawOf } from '../../../shared/journal/step-text'
import { KeptContents } from '../../../services/console/window/kept-contents'
import { MessageWindow } from '../../../services/console/window/message-window'
import { WindowFollower } from '../../../services/console/window/window-follower'

const dayMs = 86_400_000

function stage() {
  let now = 10 * dayMs
  const window = new MessageWindow(100)
  const contents = new KeptContents(1_000_000)
  const follower = new WindowFollower({ window, contents, backMs: dayMs, now: () => now, changed: () => {} })
  let entries = 0
  /** An entry with a step that was taken so long ago. */
  const takes = (id: string, agoMs: number) => {
    const record = recordText(1, { id, source: '/test', type: 'hello' }, [rawOf({ kind: 'accepted' }, now - agoMs)])
    const body = Buffer.from(entryText('writer', ++entries, [record]))
    return follower.take([{ offset: entries, id: `e-${entries}`, body }])
  }
  return { window, follower, takes, now: () => now, pass: (ms: number) => (now += ms) }
}

test('begins a day ago, and goes on where it was', async () => {
  const { follower, takes, now } = stage()
  expect(await follower.place()).toEqual({ since: now() - dayMs })
  await takes('a', 1_000)
  expect(await follower.place()).toEqual({ offset: 1, id: 'e-1' })
  follower.anew()
  expect(await follower.place()).toEqual({ since: now() - dayMs })
})

test('catches up while what comes is old, and is live when it is new, or nothing comes', async () => {
  const { follower, takes, pass } = stage()
  expect(follower.state).toBe('catching up')
  pass(1_001)
  expect(follower.state).toBe('live')
  // The broker is there only now, with a day to be read.
  pass(60_000)
  await follower.place()
  await takes('old', 3_600_000)
  expect(follower.state).toBe('catching up')
  await takes('new', 100)
  expect(follower.state).toBe('live')
  await takes('of a clock that is behind', 3_600_000)
  pass(1_001)
  expect(follower.state).toBe('live')
})

test('what is no entry is passed over', async () => {
  const { follower, window } = stage()
  for (const text of ['', 'nonsense', '{"version":99}'])
    await follower.take([{ offset: 1, id: 'x', body: Buffer.from(text) }])
  expect(window.size).toBe(0)
})
