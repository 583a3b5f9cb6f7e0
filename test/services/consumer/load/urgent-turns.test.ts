/** The turns of one group whose work is urgent, normal and low. */
import * as fc from 'fast-check'
import { setImmediate as turn } from 'node:timers/promises'
import { shareOf } from '../../../../services/consumer/load/share'
import type { Urgency } from '../../../../shared/messaging/transport'
import { stage } from './group-turns-stage'

const urgencies = ['urgent', 'normal', 'low'] as const

test('an urgent one overtakes a hundred normal and low ones that wait', async () => {
  const { begun, take, takeMany, end } = stage({ limit: 1, types: 1, window: 100 })
  takeMany('order normal', 100)
  takeMany('order low', 100, { urgency: 'low' })
  void take('order urgent', { urgency: 'urgent' })
  await end('order normal 1')
  expect(begun).toEqual(['order normal 1', 'order urgent'])
})

const classes = (urgent: number, normal: number, low: number) => ({ urgent, normal, low })

/** One turn after the other, and so many of each class at once: the next comes before the turn of another ends, or after. */
async function turnsOf(count: number, atOnce: Readonly<Record<Urgency, number>>, comes: 'before' | 'after' = 'before') {
  const { begun, take, end } = stage({ limit: 1, types: 1 })
  let number = 0
  const takeNext = (urgency: Urgency) => void take(`order ${urgency} ${++number}`, { urgency })
  void take('order first')
  for (const urgency of urgencies) for (let n = 0; n < atOnce[urgency]; n++) takeNext(urgency)
  while (begun.length <= count) {
    const name = begun.at(-1) ?? ''
    const urgency = urgencies.find((each) => name.includes(each))
    if (urgency !== undefined && comes === 'before') takeNext(urgency)
    await end(name)
    if (urgency !== undefined && comes === 'after') takeNext(urgency)
  }
  return begun.slice(1).map((name) => name.split(' ')[1] ?? '')
}

const countsIn = (taken: readonly string[]) =>
  urgencies.map((urgency) => taken.filter((each) => each === urgency).length)

test.each([
  [classes(5, 5, 5), [160, 30, 10]],
  [classes(0, 5, 5), [0, 150, 50]],
  [classes(0, 0, 5), [0, 0, 200]],
])('of 200 turns while there is always work of each, by weight: %j', async (atOnce, expected) => {
  expect(countsIn(await turnsOf(200, atOnce))).toEqual(expected)
})

test('with two of a lane at once, those of the lane do not lose their turns where the next comes when one has ended', async () => {
  expect(countsIn(await turnsOf(200, classes(2, 1, 2), 'after'))).toEqual([160, 30, 10])
})

test('low work has a turn in each 20 while urgent and normal work always waits', async () => {
  const taken = await turnsOf(200, classes(5, 5, 5))
  for (let from = 0; from + 20 <= taken.length; from++) expect(taken.slice(from, from + 20)).toContain('low')
})

test('those of one urgency come in the order in which they came, whatever their type', async () => {
  const { begun, take, end } = stage({ limit: 1 })
  const names = ['refund 1', 'order 2', 'refund 3', 'order 4']
  void take('order first')
  for (const name of names) void take(name, { urgency: 'urgent' })
  for (let n = 0; n < names.length; n++) await end(begun[n] ?? '')
  expect(begun.slice(1)).toEqual(names)
})

test('an urgent slow type has no more than its share, and leaves a turn to low work of another', async () => {
  const { begun, takeMany, take, end } = stage({ limit: 4 })
  takeMany('slow', 10, { urgency: 'urgent' })
  expect(begun).toHaveLength(shareOf(4, 2))
  void take('fast 1', { urgency: 'low' })
  void take('fast 2', { urgency: 'low' })
  expect(begun.at(-1)).toBe('fast 1')
  await end('fast 1')
  expect(begun.at(-1)).toBe('fast 2')
})

test('of each urgency those make way that are too many for its own window', async () => {
  const { clock, refused, takeMany } = stage({ window: 20, laneWindow: 10 })
  takeMany('slow normal', 3)
  takeMany('slow low', 7, { urgency: 'low' })
  await clock.pass(1_100)
  // 5 are half of the window of a lane, of which a fifth leaves within a second at most.
  expect(refused).toEqual(['slow low 6', 'slow low 7'])
  takeMany('slow urgent', 6, { urgency: 'urgent' })
  takeMany('slow more', 10)
  await clock.pass(10_000)
  expect(refused.slice(2)).toEqual(['slow urgent 6'])
})

test('nobody makes way who waits for more urgent ones only, for what is behind him would wait, too', async () => {
  const { clock, begun, refused, takeMany, take, end } = stage()
  for (let n = 0; n < 2; n++)
    for (const type of ['one', 'other']) void take(`${type} urgent ${n}`, { urgency: 'urgent' })
  takeMany('one low', 16, { urgency: 'low' })
  await clock.pass(10_000)
  expect(refused).toEqual([])
  await end('other urgent 0')
  expect(begun.at(-1)).toBe('one low 1')
  await clock.pass(2_000)
  // Now the type has its share, and others would come through.
  expect(refused).toHaveLength(7)
})

const types = ['a', 'b', 'c']

const step = fc.oneof(
  fc.record({ type: fc.constantFrom(...types), urgency: fc.constantFrom(...urgencies) }),
  fc.record({ limit: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ ends: fc.nat() }),
)

const typeOf = (name: string) => name.split(' ')[0] ?? ''

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Takes the steps one by one, and answers with the names that came, and those that had a turn, in their order. */
async function follow(steps: readonly Step[]) {
  const { turns, state, begun, running, take, end } = stage({ types: types.length })
  const come: string[] = []
  const hasRoom = (type: string) => {
    const share = shareOf(state.limit, types.length)
    return running().length < state.limit && running().filter((name) => typeOf(name) === type).length < share
  }
  for (const each of steps) {
    if ('type' in each) void take(come[come.push(`${each.type} ${each.urgency} ${come.length}`) - 1] ?? '', each)
    if ('limit' in each) {
      state.limit = each.limit
      turns.admit()
    }
    if ('ends' in each) await end(running()[each.ends % running().length] ?? '')
    await turn()
    expect(come.filter((name) => !begun.includes(name) && hasRoom(typeOf(name)))).toEqual([])
  }
  return { come, begun }
}

test('whatever comes and goes, nobody waits who has room, and nobody is overtaken by a later one of the same type and urgency', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 100 }), async (steps) => {
      const { come, begun } = await follow(steps)
      for (const kind of types.flatMap((type) => urgencies.map((urgency) => `${type} ${urgency} `))) {
        const isOfKind = (name: string) => name.startsWith(kind)
        const own = begun.filter(isOfKind)
        expect(own).toEqual(come.filter(isOfKind).slice(0, own.length))
      }
    }),
  )
})

test('what has no turn for five minutes goes to the end of its queue, but for what keeps its place', async () => {
  const { clock, begun, refused, take, end } = stage({ limit: 1, types: 1 })
  void take('order 0', { urgency: 'urgent' })
  void take('order low', { urgency: 'low' })
  void take('order kept', { place: 'is kept' })
  await clock.pass(299_000)
  expect(refused).toEqual([])
  void take('order late')
  await clock.pass(2_000)
  expect(refused).toEqual(['order low'])
  await end('order 0')
  await end('order kept')
  expect(begun).toEqual(['order 0', 'order kept', 'order late'])
})

test('at the floor of the limit, too, a slow type leaves half of its window to those that come behind it', async () => {
  const { clock, refused, takeMany } = stage({ limit: 1, types: 2, window: 4 })
  takeMany('order', 5)
  await clock.pass(2_500)
  expect(refused).toEqual(['order 5', 'order 4'])
})

test('of a window of one, the only one that waits keeps its place', async () => {
  const { clock, refused, take, takeMany } = stage({ limit: 4, types: 2, window: 1 })
  takeMany('order', 3, { urgency: 'urgent' })
  void take('order 1')
  await clock.pass(60_000)
  expect(refused).toEqual([])
})
