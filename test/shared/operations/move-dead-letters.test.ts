import type { GroupTopology } from '../../../shared/messaging/transport'
import { moveDeadLetters, type Move } from '../../../shared/operations/move-dead-letters'
import type { NotMoved } from '../../../shared/operations/not-moved'
import { eventually } from '../../support/eventually'
import { ShelvedLetters, shelvedLetter } from '../../support/shelved-letters'

const group: GroupTopology = { name: 'ledger', routes: [], delaysMs: [] }

function discard(shelved: ShelvedLetters, change: Partial<Move>) {
  return moveDeadLetters(shelved, group, {
    selection: { by: 'all' },
    actionOn: () => 'discard',
    ratePerSecond: undefined,
    consent: () => Promise.resolve(true),
    begin: () => {},
    onLetter: () => {},
    onMoved: () => {},
    ...change,
  })
}

test('of letters without an id that died in the same second, those that are selected are moved and no other', async () => {
  const shelved = new ShelvedLetters(['{"a":1}', '{"a":2}', '{"a":3}'].map((body) => shelvedLetter(body)))
  const where = [{ pointer: '/a', value: '2' }]
  expect(await discard(shelved, { selection: { by: 'facts', where } })).toMatchObject({ selected: 1, moved: 1 })
  expect(shelved.left.map(({ body }) => String(body))).toEqual(['{"a":1}', '{"a":3}'])
})

test('nor one with the same body that is not selected', async () => {
  const shelved = new ShelvedLetters(['hello', 'order.placed'].map((type) => shelvedLetter('{}', { type })))
  expect(await discard(shelved, { selection: { by: 'facts', type: 'order.placed' } })).toMatchObject({ moved: 1 })
  expect(shelved.left.map(({ type }) => type)).toEqual(['hello'])
})

const minuteMs = 60_000

test('no walk of a move holds letters for as long as the broker gives to those who hold them', async () => {
  const shelved = new ShelvedLetters(['1', '2', '3', '4', '5'].map((body) => shelvedLetter(body)))
  const heldMs: number[] = []
  let later = 0
  let begunAt = 0
  const now = performance.now.bind(performance)
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => now() + later)
  shelved.meeting = (_, at) => {
    later += 12 * minuteMs
    if (at === 1) begunAt = later
    heldMs.push(later - begunAt)
  }
  expect(await discard(shelved, {})).toMatchObject({ selected: 5, moved: 5 })
  clock.mockRestore()
  // The first walk only marks, and waits for nobody.
  expect(Math.max(...heldMs.slice(5))).toBeLessThan(30 * minuteMs)
})

test('a rate that is slower than that is waited for with nothing in hand', async () => {
  const shelved = new ShelvedLetters(['1', '2', '3'].map((body) => shelvedLetter(body)))
  const ended = new AbortController()
  const onMoved = jest.fn()
  const move = discard(shelved, { ratePerSecond: 1 / 3_600, signal: ended.signal, onMoved })
  const isInPlace = () => onMoved.mock.calls.length === 1 && shelved.left.length === 2
  await eventually('one is moved, and the others are in their place', isInPlace, { withinMs: 5_000 })
  ended.abort()
  expect(await move).toMatchObject({ selected: 3, moved: 1 })
  expect(shelved.left.map(({ body }) => String(body))).toEqual(['2', '3'])
})

describe('of each letter that was selected and not moved it is told', () => {
  const shelf = () => new ShelvedLetters(['1', '2', '3', '4'].map((body) => shelvedLetter(body, { id: `m-${body}` })))
  const notMoved = async (shelved: ShelvedLetters, change: Partial<Move> = {}) => {
    const onNotMoved = jest.fn<void, [readonly NotMoved[]]>()
    const moved = await discard(shelved, { onNotMoved, ...change }).catch((error: unknown) => error)
    return {
      moved,
      told: onNotMoved.mock.calls.flatMap(([letters]) => letters.map(({ id, outcome }) => `${id} ${outcome}`)),
    }
  }

  test('none, where all were moved', async () => {
    expect(await notMoved(shelf())).toEqual({ moved: { kind: 'moved', selected: 4, moved: 4 }, told: [] })
  })

  test('that somebody else took it', async () => {
    const shelved = shelf()
    shelved.meeting = (walk, at) => {
      if (walk === 2 && at === 1) shelved.left = shelved.left.filter(({ id }) => id !== 'm-3')
    }
    expect(await notMoved(shelved)).toMatchObject({ moved: { moved: 3 }, told: ['m-3 gone'] })
  }, 20_000)

  test('that the move ended before it', async () => {
    const ended = new AbortController()
    const onMoved = (moved: number) => moved === 1 && ended.abort()
    expect(await notMoved(shelf(), { signal: ended.signal, onMoved })).toMatchObject({
      ...{ moved: { moved: 1 }, told: expect.arrayContaining(['m-2 left', 'm-3 left', 'm-4 left']) as string[] },
    })
    const whileWaiting = new AbortController()
    const onLetter = () => whileWaiting.abort()
    const { told } = await notMoved(shelf(), { signal: whileWaiting.signal, onLetter })
    expect([...told].sort()).toEqual(['m-1 left', 'm-2 left', 'm-3 left', 'm-4 left'])
  })

  test('that its broker refused it, or that nobody knows', async () => {
    for (const [stays, outcome] of [
      ['for certain', 'refused'],
      [undefined, 'unknown'],
    ] as const) {
      const shelved = shelf()
      let taken = 0
      shelved.taking = () => {
        if (++taken === 2) throw Object.assign(new Error('no room'), { stays })
      }
      const { moved, told } = await notMoved(shelved)
      expect(moved).toMatchObject({ message: 'no room' })
      expect(told).toEqual([`m-2 ${outcome}`, 'm-3 left', 'm-4 left'])
    }
  })
})
