import { setImmediate as turn } from 'node:timers/promises'
import { shareOf } from '../../../../services/consumer/load/share'
import { stage } from './group-turns-stage'

test('so many at once, the others in the order in which they came', async () => {
  const { begun, takeMany, end } = stage({ limit: 2, types: 1 })
  takeMany('slow', 4)
  expect(begun).toEqual(['slow 1', 'slow 2'])
  await end('slow 2')
  expect(begun.at(-1)).toBe('slow 3')
  await end('slow 1')
  expect(begun.at(-1)).toBe('slow 4')
})

test.each([
  [1, 5, 1],
  [2, 2, 1],
  [4, 2, 3],
  [10, 3, 8],
  [10, 1, 10],
])('of %d turns in a group with %d types, one type takes at most %d', (limit, types, share) => {
  expect(shareOf(limit, types)).toBe(share)
})

test('a slow type leaves a turn to another, which does not wait behind it', async () => {
  const { begun, takeMany, end } = stage()
  takeMany('slow', 10)
  expect(begun).toEqual(['slow 1', 'slow 2', 'slow 3'])
  takeMany('fast', 2)
  expect(begun.at(-1)).toBe('fast 1')
  await end('fast 1')
  expect(begun.at(-1)).toBe('fast 2')
})

test('a limit that has grown lets more in, one that has shrunk lets nobody in until it fits', async () => {
  const { turns, state, begun, takeMany, end } = stage({ types: 1 })
  takeMany('slow', 8)
  state.limit = 2
  await end('slow 1')
  await end('slow 2')
  expect(begun).toHaveLength(4)
  await end('slow 3')
  expect(begun).toHaveLength(5)
  state.limit = 4
  turns.admit()
  await turn()
  expect(begun).toHaveLength(7)
})

test('those of a slow type that came last make way while it fills more than half of the window', async () => {
  const { clock, refused, takeMany } = stage()
  takeMany('slow', 16)
  await clock.pass(900)
  expect(refused).toEqual([])
  await clock.pass(200)
  // 13 wait, and 8 are half of the window; at most a fifth of the window leaves within a second.
  expect(refused).toEqual(['slow 13', 'slow 14', 'slow 15', 'slow 16'])
  await clock.pass(10_000)
  expect(refused).toHaveLength(5)
})

test('no more than the window is sent back within five seconds, however many come', async () => {
  const { clock, refused, takeMany } = stage({ window: 10 })
  for (let second = 0; second < 5; second++) {
    takeMany(`slow`, 10)
    await clock.pass(1_000)
  }
  expect(refused).toHaveLength(10)
})

test.each([
  ['whose place is kept', 2, 'is kept'],
  ['of a group with one type', 1, 'may change'],
] as const)('nobody makes way %s', async (_, types, place) => {
  const { clock, refused, takeMany } = stage({ types })
  takeMany('slow', 16, { place })
  await clock.pass(10_000)
  expect(refused).toEqual([])
})

test('those whose place is kept drive nobody away, for they would wait as long without him', async () => {
  const { clock, refused, takeMany } = stage()
  takeMany('slow', 40, { place: 'is kept' })
  takeMany('slow plain', 8)
  await clock.pass(10_000)
  expect(refused).toEqual([])
  takeMany('slow late', 2)
  await clock.pass(2_000)
  // Of what may leave, 8 are half of the window.
  expect(refused).toEqual(['slow late 1', 'slow late 2'])
})

test('a type that comes through quickly makes no way, however many wait', async () => {
  const { clock, begun, refused, takeMany, end } = stage()
  takeMany('fast', 40)
  for (let n = 1; n <= 40; n++) {
    await clock.pass(20)
    await end(`fast ${n}`)
  }
  expect(begun).toHaveLength(40)
  expect(refused).toEqual([])
})

test('work that fails gives its turn back', async () => {
  const { turns, begun, takeMany } = stage({ limit: 1, types: 1 })
  const claim = { type: 'slow', urgency: 'normal', place: 'may change' } as const
  const failing = turns.take(claim, () => Promise.reject(new Error('on purpose')))
  takeMany('slow', 1)
  await expect(failing).rejects.toThrow('on purpose')
  await turn()
  expect(begun).toEqual(['slow 1'])
})

test('all who wait can be refused; who is at it stays', async () => {
  const { turns, refused, takeMany } = stage({ types: 1 })
  takeMany('slow', 6)
  turns.refuseAll('circuit open')
  await turn()
  expect(refused).toEqual(['slow 5', 'slow 6'])
  expect(turns.taken).toBe(4)
})

test('no clock runs once there is no crowd any more', async () => {
  const { clock, turns, takeMany } = stage()
  takeMany('slow', 16)
  expect(clock.pending).toBe(1)
  turns.refuseAll('circuit open')
  await clock.pass(1_000)
  expect(clock.pending).toBe(0)
})
