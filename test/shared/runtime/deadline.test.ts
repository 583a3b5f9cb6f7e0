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
