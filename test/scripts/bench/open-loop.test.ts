import { openLoop } from '../../../scripts/bench/open-loop'

/** A clock that stands still unless somebody waits, and then may oversleep. */
function clockWith({ oversleepMs = 0 } = {}) {
  let atMs = 1_000
  const wait = (ms: number) => Promise.resolve((atMs += ms + oversleepMs))
  return { now: () => atMs, wait }
}

test('what is sent is sent at its time, however long what was sent before takes', async () => {
  const clock = clockWith()
  const sentAt: number[] = []
  const send = () => {
    sentAt.push(clock.now())
    return Promise.resolve(clock.now() + 500)
  }
  const latencies = await openLoop({ perSecond: 100, durationMs: 50, send, clock })
  expect(sentAt).toEqual([1_000, 1_010, 1_020, 1_030, 1_040])
  expect(latencies).toEqual([500, 500, 500, 500, 500])
})

test('what is sent late has waited since it was due, and does not delay what comes after it', async () => {
  const clock = clockWith({ oversleepMs: 25 })
  const send = () => Promise.resolve(clock.now())
  const latencies = await openLoop({ perSecond: 100, durationMs: 50, send, clock })
  // Due at 0, 10, 20, 30 and 40; one sleep from 0 to 35 makes three late, the next lasts from 35 to 65.
  expect(latencies).toEqual([0, 25, 15, 5, 25])
})

test('what does not arrive fails the whole', async () => {
  const send = () => Promise.reject(new Error('answered 503'))
  await expect(openLoop({ perSecond: 100, durationMs: 50, send, clock: clockWith() })).rejects.toThrow('answered 503')
})
