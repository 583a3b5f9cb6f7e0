import { eventually } from './eventually'

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
  const answers: (false | Promise<string>)[] = [false, new Promise<string>(() => {})]
  await expect(eventually<unknown>('an answer', () => answers.shift(), { withinMs: 200 })).rejects.toThrow(
    'last: false',
  )
})
