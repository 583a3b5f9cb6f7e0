import { Backlog } from '../../../scripts/verification/backlog'

const many = { expected: { left: 'facts', right: 'facts' }, effects: 2 }
const rejected = { expected: { once: 'facts' }, effects: 0 }
const forEver = new AbortController().signal

test('counts what was promised, and what has not come of it yet', () => {
  const backlog = new Backlog()
  for (const parcel of [many, many, rejected]) backlog.accepted(parcel)
  backlog.processed(1)
  expect({ promised: backlog.promised, behind: backlog.behind }).toEqual({ promised: 5, behind: 3 })
})

test('a small one has room at once; a large one has when the consumer has caught up', async () => {
  const backlog = new Backlog()
  await backlog.room(forEver)
  for (let at = 0; at < 10_001; at++) backlog.accepted(many)
  let hasRoom = false
  const room = backlog.room(forEver).then(() => (hasRoom = true))
  await new Promise((resolve) => setImmediate(resolve))
  expect(hasRoom).toBe(false)
  backlog.processed(2)
  await room
})

test('nothing is sent while it is held', async () => {
  const backlog = new Backlog()
  backlog.hold(true)
  let hasRoom = false
  const room = backlog.room(forEver).then(() => (hasRoom = true))
  await new Promise((resolve) => setImmediate(resolve))
  expect(hasRoom).toBe(false)
  backlog.hold(false)
  await room
})

test('who has been told to end waits no longer', async () => {
  const backlog = new Backlog()
  for (let at = 0; at < 10_001; at++) backlog.accepted(many)
  await backlog.room(AbortSignal.abort())
})
