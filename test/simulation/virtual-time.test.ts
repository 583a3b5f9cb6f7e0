import { VirtualTime } from './virtual-time'

test('events happen in the order of their times, and those of one time in the order in which they were planned', async () => {
  const time = new VirtualTime()
  const happened: string[] = []
  for (const [ms, name] of [
    [20, 'late'],
    [10, 'first'],
    [10, 'second'],
  ] as const)
    time.after(ms, () => happened.push(`${name} at ${time.now}`))
  expect(await time.runUntil(() => false, Infinity)).toBe(false)
  expect(happened).toEqual(['first at 10', 'second at 10', 'late at 20'])
})

test('between two events everything comes to its rest, however many there are', async () => {
  const time = new VirtualTime()
  let [begun, rested] = [0, 0]
  const restless: number[] = []
  const event = () => {
    if (rested < begun) restless.push(begun)
    begun++
    process.nextTick(() => void Promise.resolve().then(() => process.nextTick(() => rested++)))
    time.after(1, event)
  }
  time.after(1, event)
  expect(await time.runUntil(() => rested === 2_000, Infinity)).toBe(true)
  expect({ begun, restless }).toEqual({ begun: 2_000, restless: [] })
})

test('nothing happens once the condition holds', async () => {
  const time = new VirtualTime()
  let happened = 0
  for (let ms = 1; ms <= 5; ms++) time.after(ms, () => happened++)
  expect(await time.runUntil(() => happened === 3, Infinity)).toBe(true)
  await new Promise((resolve) => setImmediate(resolve))
  expect({ happened, now: time.now }).toEqual({ happened: 3, now: 3 })
})

test('what the condition throws is told to whoever waits for it', async () => {
  const time = new VirtualTime()
  const look = () => {
    throw new Error('cannot see')
  }
  await expect(time.runUntil(look, Infinity)).rejects.toThrow('cannot see')
})
