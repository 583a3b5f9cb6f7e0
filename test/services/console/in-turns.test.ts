import { setImmediate as nextTurn } from 'node:timers/promises'
import type { MessageRow } from '../../../services/console/views/message-row'
import { changesInTurns, pageInTurns } from '../../../services/console/window/in-turns'
import { MessageWindow } from '../../../services/console/window/message-window'
import { told, toldOf } from './told'

const listening = new AbortController().signal
const all = () => true
const none = () => false
const numbersOf = (rows: readonly MessageRow[]) => rows.map(({ number }) => number)
const take = (window: MessageWindow, id: string) => window.take(toldOf({ id }, [told('accepted', 1)]))
const windowOf = (count: number, most = count) => {
  const window = new MessageWindow(most)
  for (let at = 1; at <= count; at++) take(window, `m-${at}`)
  return window
}

/** How often others had their turn until it was done. */
async function turnsUntil(done: Promise<unknown>): Promise<number> {
  let turns = 0
  let isDone = false
  const settled = done.finally(() => (isDone = true))
  while (!isDone) {
    await nextTurn()
    turns++
  }
  await settled
  return turns
}

describe('a page, looked for in turns', () => {
  const matches = ({ number }: MessageRow) => number % 3 === 0

  test.each([1, 10, 1_000, 4_000])('is the same as one that is looked for at once, with %d rows', async (limit) => {
    const window = windowOf(9_000)
    const whole = window.page({ matches, before: undefined, limit })
    const inTurns = await pageInTurns(window, { matches, before: undefined, limit }, listening)
    expect(inTurns).toEqual(whole)
    const { next: before } = whole
    const second = { matches, before, limit }
    if (before !== undefined) expect(await pageInTurns(window, second, listening)).toEqual(window.page(second))
  })

  test('has no next where what matches is just as much as was asked for', async () => {
    const { rows, next } = await pageInTurns(windowOf(9_000), { matches, before: undefined, limit: 3_000 }, listening)
    expect([rows.length, next]).toEqual([3_000, undefined])
  })

  test('lets others have their turn, again and again', async () => {
    const window = windowOf(10_000)
    const asked = { matches: none, before: undefined, limit: 10 }
    expect(await turnsUntil(pageInTurns(window, asked, listening))).toBeGreaterThanOrEqual(4)
  })

  test('is right although rows come and are let go meanwhile', async () => {
    const window = windowOf(0, 5_000)
    // Those that have ended are let go first: the oldest, while they have not been looked at yet.
    for (let at = 1; at <= 5_000; at++)
      window.take(toldOf({ id: `m-${at}` }, [told('discarded', 1, { group: 'mail' })]))
    const looking = pageInTurns(window, { matches: all, before: undefined, limit: 10_000 }, listening)
    for (let at = 1; at <= 2_000; at++) take(window, `later-${at}`)
    const { rows } = await looking
    const numbers = numbersOf(rows)
    expect(window.find({ id: 'm-1', source: '/test' })).toBeUndefined()
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => b - a))
    expect([numbers[0], numbers.at(-1)]).toEqual([5_000, [...window.all()][0]?.number])
  })

  test('is not looked for any more once nobody wants it', async () => {
    const gone = new AbortController()
    let looked = 0
    const matches = () => ++looked < 0
    const looking = pageInTurns(windowOf(5_000), { matches, before: undefined, limit: 10 }, gone.signal)
    gone.abort(new Error('the caller has gone away'))
    await expect(looking).rejects.toThrow('the caller has gone away')
    expect(looked).toBeLessThanOrEqual(2_000)
  })
})

describe('changes, looked through in turns', () => {
  const asked = { since: 0, matches: all, most: 10 }

  test('are the newest, how many are left out, and what no longer matches', async () => {
    const window = windowOf(20)
    const since = window.change
    const nothing = { rows: [], skipped: 0, gone: [] }
    expect(await changesInTurns(window, { ...asked, since }, listening)).toEqual(nothing)
    for (const at of [3, 7, 12]) window.take(toldOf({ id: `m-${at}` }, [told('published', 100 + at)]))
    window.take(toldOf({ id: 'm-3' }, [told('routed', 200)]))
    const changes = await changesInTurns(window, { ...asked, since, most: 2 }, listening)
    expect([numbersOf(changes.rows), changes.skipped, changes.gone]).toEqual([[3, 12], 1, []])
    const matches = ({ id }: MessageRow) => id === 'm-7'
    const some = await changesInTurns(window, { ...asked, since, matches }, listening)
    expect([numbersOf(some.rows), some.skipped, some.gone]).toEqual([[7], 0, [3, 12]])
  })

  test('say where they cannot tell all that no longer matches', async () => {
    const changes = await changesInTurns(windowOf(6_000), { ...asked, matches: none }, listening)
    expect(changes).toMatchObject({ rows: [], gone: undefined })
  })

  test('let others have their turn, and end with their caller', async () => {
    const window = windowOf(10_000)
    expect(await turnsUntil(changesInTurns(window, asked, listening))).toBeGreaterThanOrEqual(4)
    const gone = new AbortController()
    let looked = 0
    const looking = changesInTurns(window, { ...asked, matches: () => ++looked > 0 }, gone.signal)
    gone.abort(new Error('the caller has gone away'))
    await expect(looking).rejects.toThrow('the caller has gone away')
    expect(looked).toBeLessThanOrEqual(2_000)
  })
})
