import { Window } from '../../../../services/producer/http/batch/window'

/** Work whose end is in the test's hands. */
const open = () => Promise.withResolvers<string>()
const settled = async (promise: Promise<unknown>) => {
  let isSettled = false
  void promise.finally(() => (isSettled = true)).catch(() => {})
  await new Promise(setImmediate)
  return isSettled
}

test('tells what is done in the order in which it was begun', async () => {
  const told: string[] = []
  const window = new Window({ events: 10, bytes: 100 }, (text) => Promise.resolve(void told.push(text)))
  const works = [open(), open(), open()]
  for (const { promise } of works) await window.begin(1, () => promise)
  works[2]?.resolve('c')
  works[1]?.resolve('b')
  await new Promise(setImmediate)
  expect(told).toEqual([])
  works[0]?.resolve('a')
  await window.end()
  expect(told).toEqual(['a\nb\nc'])
})

test.each([
  ['events', { events: 2, bytes: 100 }, 1],
  ['bytes', { events: 10, bytes: 10 }, 5],
])('begins no more %s than there is room for, until some were told', async (_, limits, bytes) => {
  const tells = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let telling = -1
  const window = new Window(limits, () => tells[++telling]?.promise ?? Promise.resolve())
  const works = [open(), open()]
  for (const { promise } of works) await window.begin(bytes, () => promise)
  const third = window.begin(bytes, () => Promise.resolve('c'))
  expect(await settled(third)).toBe(false)
  works[0]?.resolve('a')
  expect(await settled(third)).toBe(false)
  tells[0]?.resolve()
  await third
})

test('one alone may be larger than all the room', async () => {
  const window = new Window({ events: 10, bytes: 10 }, () => Promise.resolve())
  await window.begin(50, () => Promise.resolve('a'))
  await window.end()
})

test('what cannot be told ends it', async () => {
  const window = new Window({ events: 1, bytes: 10 }, () => Promise.reject(new Error('nobody reads')))
  await window.begin(1, () => Promise.resolve('a'))
  await expect(window.begin(1, () => Promise.resolve('b'))).rejects.toThrow('nobody reads')
  await expect(window.end()).rejects.toThrow('nobody reads')
})

test('an empty one has nothing to wait for', async () => {
  await new Window({ events: 1, bytes: 1 }, () => Promise.resolve()).end()
})
