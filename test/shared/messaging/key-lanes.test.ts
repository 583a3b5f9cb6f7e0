import { KeyLanes, type Stay } from '../../../shared/messaging/key-lanes'

/** Lanes whose items run until the test ends them, and stay where the test says. */
function stage(window = 8) {
  const told: string[] = []
  const ends = new Map<string, () => void>()
  const stays = new Map<string, Stay>()
  const lanes = new KeyLanes<string>({
    window,
    run: async (item, stayInPlace) => {
      told.push(`run ${item}`)
      const stay = stays.get(item)
      if (stay !== undefined) await stayInPlace(stay)
      if (stay !== undefined) told.push(`again ${item}`)
      await new Promise<void>((resolve) => ends.set(item, resolve))
    },
    crowdOut: (item, head) => {
      told.push(`crowd out ${item} behind ${head}`)
      return Promise.resolve()
    },
  })
  const add = (key: string, count: number, from = 1) => {
    for (let at = from; at < from + count; at++) void lanes.add(key, `${key}${at}`)
  }
  return {
    told,
    lanes,
    add,
    end: async (item: string) => {
      ends.get(item)?.()
      await settled()
    },
    /** The item stays until what is answered is called. */
    staying: (item: string, length: Stay['length'] = 'long') => {
      const { promise, resolve } = Promise.withResolvers<void>()
      stays.set(item, { over: promise, length })
      return async () => {
        resolve()
        await settled()
      }
    },
  }
}

const settled = () => new Promise(setImmediate)

test('what has one key runs one after the other, and different keys side by side', async () => {
  const { told, add, end } = stage()
  add('a', 3)
  add('b', 2)
  await settled()
  expect(told).toEqual(['run a1', 'run b1'])
  await end('a1')
  await end('b1')
  await end('a2')
  expect(told).toEqual(['run a1', 'run b1', 'run a2', 'run b2', 'run a3'])
})

test('what waits behind others of its key is counted', async () => {
  const { lanes, add, end } = stage()
  expect(lanes.followers).toBe(0)
  add('a', 3)
  add('b', 1)
  add('c', 2)
  await settled()
  expect(lanes.followers).toBe(3)
  await end('a1')
  expect(lanes.followers).toBe(2)
})

test('a lane that has come to its end begins anew, and tells of its end', async () => {
  const { told, lanes, end } = stage()
  const ended = lanes.add('a', 'a1')
  expect(lanes.add('a', 'a2')).toBeUndefined()
  await end('a1')
  await end('a2')
  await ended
  void lanes.add('a', 'a3')
  expect(told).toEqual(['run a1', 'run a2', 'run a3'])
})

test('what is dropped never begins, and those of its key that are left go on in their order', async () => {
  const { told, lanes, add, end } = stage()
  add('a', 4)
  add('b', 2)
  lanes.drop((item) => ['a1', 'a2', 'a4', 'b2'].includes(item))
  await end('a1')
  await end('a3')
  await end('b1')
  expect(told).toEqual(['run a1', 'run b1', 'run a3'])
  add('a', 1, 5)
  expect(told.at(-1)).toBe('run a5')
})

test('nothing of a key begins while its head stays', async () => {
  const { told, add, staying, end } = stage()
  const over = staying('a1')
  add('a', 3)
  add('b', 1)
  await end('b1')
  expect(told).toEqual(['run a1', 'run b1'])
  await over()
  await end('a1')
  expect(told).toEqual(['run a1', 'run b1', 'again a1', 'run a2'])
})

test('those of the longest lane are crowded out, in order, when they fill the window, and the head goes on', async () => {
  const { told, add, staying, end } = stage(8)
  const over = staying('a1')
  staying('b1')
  add('a', 5)
  add('b', 2)
  await settled()
  expect(told).toEqual(['run a1', 'run b1'])
  add('c', 1)
  await settled()
  const crowdedOut = [2, 3, 4, 5].map((at) => `crowd out a${at} behind a1`)
  expect(told).toEqual(['run a1', 'run b1', 'run c1', ...crowdedOut])
  add('a', 1, 6)
  await over()
  await end('a1')
  expect(told.slice(-2)).toEqual(['again a1', 'run a6'])
})

test('a full window crowds nobody out while most of it is in work, or only for a short time not', async () => {
  const { told, add, staying } = stage(8)
  staying('a1')
  staying('s1', 'short')
  add('a', 4)
  add('s', 5)
  await settled()
  expect(told).toEqual(['run a1', 'run s1'])
})
