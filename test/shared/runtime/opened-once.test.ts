import { OpenedOnce } from '../../../shared/runtime/opened-once'

test('opens once for all who ask, and not before', async () => {
  const open = jest.fn(() => Promise.resolve({}))
  const opened = new OpenedOnce(open)
  expect(open).not.toHaveBeenCalled()
  const [one, other] = await Promise.all([opened.get(), opened.get()])
  expect(one).toBe(other)
  expect(await opened.get()).toBe(one)
  expect(open).toHaveBeenCalledTimes(1)
})

test('what failed is tried again by whoever asks next', async () => {
  let attempts = 0
  const opened = new OpenedOnce(() => (++attempts === 1 ? Promise.reject(new Error('away')) : Promise.resolve('there')))
  const first = [opened.get(), opened.get()]
  for (const each of first) await expect(each).rejects.toThrow('away')
  await expect(opened.get()).resolves.toBe('there')
  expect(attempts).toBe(2)
})

test('what is thrown at once is no different', async () => {
  let attempts = 0
  const opened = new OpenedOnce<string>(() => {
    if (++attempts === 1) throw new Error('away')
    return Promise.resolve('there')
  })
  await expect(opened.get()).rejects.toThrow('away')
  await expect(opened.get()).resolves.toBe('there')
})

test('closes what is being opened, and opens nothing for that', async () => {
  const ended: string[] = []
  const end = (value: string) => Promise.resolve(void ended.push(value))
  await new OpenedOnce(() => Promise.resolve('never needed')).close(end)
  const failed = new OpenedOnce<string>(() => Promise.reject(new Error('away')))
  await expect(failed.get()).rejects.toThrow('away')
  await failed.close(end)
  const opening = new OpenedOnce(() => new Promise<string>((resolve) => setImmediate(() => resolve('opening'))))
  void opening.get()
  await opening.close(end)
  expect(ended).toEqual(['opening'])
})
