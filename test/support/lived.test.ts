import { setTimeout as pause } from 'node:timers/promises'
import { eventually } from './eventually'
import { livedClock, undisturbed } from './lived'
import { standStill } from './stand-still'

test('of each standstill a quarter of a second counts', () => {
  const lived = livedClock()
  standStill(500)
  expect(lived.now()).toBeCloseTo(250)
  standStill(300)
  expect(lived.now()).toBeCloseTo(500)
})

test('time in which the process works counts whole, although nobody asks', async () => {
  // Again and again, since the process may stand still in any one.
  await eventually('a pause counts whole', async () => {
    const lived = livedClock()
    await pause(700)
    return lived.now() > 650
  })
})

test('it tells the longest standstill, and none before it began', async () => {
  standStill(400)
  const lived = livedClock()
  expect(lived.stoodStillMs()).toBeLessThan(400)
  standStill(700)
  await pause(100)
  standStill(300)
  expect(lived.stoodStillMs()).toBeGreaterThanOrEqual(699)
})

/** Fails each time, and stands still for so long in each. */
function failing(stillMs: number) {
  let made = 0
  const attempt = () => {
    standStill(stillMs)
    return Promise.reject(new Error(`attempt ${++made}`))
  }
  return attempt
}

test('what failed over a standstill is begun again, three times at most', async () => {
  await expect(undisturbed(200, failing(300))).rejects.toThrow('attempt 3')
})

test('what failed without one is not', async () => {
  // Longer than a busy machine would take for nothing.
  await expect(undisturbed(60_000, failing(300))).rejects.toThrow('attempt 1')
})

test('what came true counts, whatever stood still', async () => {
  const outcomes = [Promise.reject(new Error('late')), Promise.resolve('here'), Promise.resolve('again')]
  outcomes[0]?.catch(() => {})
  const attempt = () => {
    standStill(300)
    return outcomes.shift() as Promise<string>
  }
  expect(await undisturbed(200, attempt)).toBe('here')
})
