import { setTimeout as pause } from 'node:timers/promises'
import { eventually } from './eventually'
import { standStill } from './stand-still'

test('answers with what the check found at last', async () => {
  const answers = [undefined, false, 0, '', null, 'found']
  expect(await eventually('an answer', () => answers.shift())).toBe('found')
})

test('a check that throws has not come true yet', async () => {
  let asked = 0
  const check = () => {
    asked += 1
    if (asked < 3) throw new Error('too early')
    return Promise.resolve(asked)
  }
  expect(await eventually('the third time', check)).toBe(3)
})

test.each([
  ['answer', () => ({ ready: 0 }).ready, 'not within 120 ms: the queue is empty; last: 0'],
  [
    'error',
    () => Promise.reject(new Error('no such queue')),
    'not within 120 ms: the queue is empty; last: no such queue',
  ],
])('fails with what was wanted and the last %s', async (_, check, message) => {
  await expect(eventually<unknown>('the queue is empty', check, { withinMs: 120 })).rejects.toThrow(message)
})

test('a check that never answers does not outlive the deadline', async () => {
  const never = new Promise<string>(() => {})
  await expect(eventually('an answer', () => never, { withinMs: 100 })).rejects.toThrow('did not answer in time')
})

test('an answer that came says more than a last check that did not end', async () => {
  const never = new Promise<string>(() => {})
  const answers = [false, never, never]
  await expect(eventually<unknown>('an answer', () => answers.shift(), { withinMs: 200 })).rejects.toThrow(
    'last: false',
  )
})

test('a last look is taken after the deadline, and has time for its answer', async () => {
  let asked = 0
  const check = async () => {
    asked += 1
    await pause(20)
    return asked === 2
  }
  expect(await eventually('the second time', check, { withinMs: 30 })).toBe(true)
})

test('a standstill of the process between two looks is not taken from what is waited for', async () => {
  let asked = 0
  setTimeout(() => standStill(1_600), 10)
  expect(await eventually('the fourth time', () => ++asked === 4, { withinMs: 1_500 })).toBe(true)
})
