import { stat } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { DeadlineExceeded, withDeadline } from '../../../shared/runtime/deadline'

test('settles as the promise does when it is in time', async () => {
  await expect(withDeadline(Promise.resolve(1), 1_000, 'it')).resolves.toBe(1)
  await expect(withDeadline(Promise.reject(new Error('no')), 1_000, 'it')).rejects.toThrow('no')
})

test('rejects by name when it is not', async () => {
  const never = new Promise(() => undefined)
  await expect(withDeadline(never, 5, 'the ping')).rejects.toThrow(
    new DeadlineExceeded('the ping took longer than 5 ms'),
  )
})

test('an answer that has come while the process stood still is in time', async () => {
  // From here the loop comes to its timers before it looks for answers.
  await nextTurn()
  const answer = withDeadline(stat(__filename), 20, 'the file')
  const end = performance.now() + 200
  while (performance.now() < end);
  await expect(answer).resolves.toBeDefined()
})
