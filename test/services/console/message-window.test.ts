import type { Step } from '../../../shared/journal/step'
import { MessageWindow } from '../../../services/console/window/message-window'
import { told, toldOf, wholeStory } from './told'

const all = () => true
const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id)
const numbered = (window: MessageWindow, count: number) => {
  for (let at = 1; at <= count; at++) window.take(toldOf({ id: `m-${at}` }, [told('accepted', at)]))
}

test('gathers what is told of a message in pieces, in whatever order, and knows what was told before', () => {
  const window = new MessageWindow(10)
  const [accepted, published, routed, begun, done, ...mail] = wholeStory(1_000)
  const first = window.take(toldOf({}, [begun!, done!]))
  expect(first?.row).toMatchObject({ id: 'm-1', at: 1_015, lastAt: 1_045 })
  expect(window.take(toldOf({}, [begun!]))).toBeUndefined()
  const second = window.take(toldOf({}, [accepted!, published!, routed!, done!]))
  expect(second?.fresh).toEqual([accepted, published, routed])
  expect(second?.row).toMatchObject({ number: 1, state: 'delivered', at: 1_000 })
  const third = window.take(toldOf({}, mail))
  expect(third?.row).toMatchObject({ state: 'processed', lastAt: 1_125 })
  expect(third?.row.groups.map(({ name, state }) => `${name} ${state}`)).toEqual(['ledger processed', 'mail processed'])
  expect(window.size).toBe(1)
  expect(window.find({ id: 'm-1', source: '/test' })?.steps).toHaveLength(7)
  expect(window.find({ id: 'm-1', source: '/other' })).toBeUndefined()
})

test('two sources may use one id, and whoever knows less of a message takes nothing away', () => {
  const window = new MessageWindow(10)
  window.take(toldOf({ id: 'x', correlationId: 'c-1', causationId: 'k-1' }, [told('accepted', 1)]))
  window.take(toldOf({ id: 'x', source: '/other' }, [told('accepted', 2)]))
  const change = window.take(toldOf({ id: 'x' }, [told('published', 3)]))
  expect(change?.row).toMatchObject({ number: 1, correlationId: 'c-1', causationId: 'k-1' })
  expect(window.size).toBe(2)
})

test('tells why the last failed attempt failed', () => {
  const window = new MessageWindow(10)
  const failed = (at: number, attempt: number, error: string) =>
    told('failed', at, { group: 'mail', attempt, facts: { reason: 'failed', error } })
  window.take(toldOf({}, [failed(1, 1, 'Error: first'), failed(2, 2, 'Error: second')]))
  expect(window.find({ id: 'm-1', source: '/test' })?.row.failure).toEqual({ reason: 'failed', error: 'Error: second' })
})

test('hands out pages, the newest first, that later messages do not shift', () => {
  const window = new MessageWindow(100)
  numbered(window, 25)
  const first = window.page({ matches: all, before: undefined, limit: 10 })
  expect(idsOf(first.rows).slice(0, 2)).toEqual(['m-25', 'm-24'])
  expect(first.next).toBe(16)
  numbered(window, 30)
  const second = window.page({ matches: all, before: first.next, limit: 10 })
  expect(idsOf(second.rows)).toEqual(['m-15', 'm-14', 'm-13', 'm-12', 'm-11', 'm-10', 'm-9', 'm-8', 'm-7', 'm-6'])
  const third = window.page({ matches: all, before: second.next, limit: 10 })
  expect(idsOf(third.rows)).toEqual(['m-5', 'm-4', 'm-3', 'm-2', 'm-1'])
  expect(third.next).toBeUndefined()
  const odd = window.page({ matches: ({ number }) => number % 2 === 1, before: 6, limit: 10 })
  expect(idsOf(odd.rows)).toEqual(['m-5', 'm-3', 'm-1'])
})

test('keeps so many at most, forgets those that were met first, and pages go on over what is forgotten', () => {
  const window = new MessageWindow(100)
  for (let at = 1; at <= 1_000; at++) window.take(toldOf({ id: `m-${at}` }, wholeStory(at)))
  expect(window.size).toBeLessThanOrEqual(110)
  expect(window.find({ id: 'm-1', source: '/test' })).toBeUndefined()
  expect(window.find({ id: 'm-1000', source: '/test' })).toBeDefined()
  expect(idsOf(window.page({ matches: all, before: 5, limit: 10 }).rows)).toEqual([])
  expect(idsOf(window.page({ matches: all, before: 1_000, limit: 2 }).rows)).toEqual(['m-999', 'm-998'])
  expect(window.since).toBe([...window.all()][0]?.at)
})

test('lets go of what has ended first, so that what is slow is known from its beginning to its end', () => {
  const window = new MessageWindow(100)
  window.take(toldOf({ id: 'slow' }, wholeStory(1).slice(0, 4)))
  for (let at = 1; at <= 1_000; at++) window.take(toldOf({ id: `m-${at}` }, wholeStory(at)))
  expect(idsOf([...window.unfinished()])).toEqual(['slow'])
  expect(
    window.take(toldOf({ id: 'slow' }, [told('processed', 900, { group: 'mail', attempt: 1 })]))?.steps,
  ).toHaveLength(5)
  // Between its number and the next, others are missing.
  const first = window.page({ matches: all, before: 990, limit: 50 })
  const second = window.page({ matches: all, before: first.next, limit: 100 })
  expect(idsOf([...first.rows, ...second.rows]).at(-1)).toBe('slow')
  expect(second.next).toBeUndefined()
})

test('of messages without an end twice as many are kept, and no more', () => {
  const window = new MessageWindow(100)
  numbered(window, 5_000)
  expect(window.size).toBeGreaterThan(150)
  expect(window.size).toBeLessThanOrEqual(242)
  expect(window.find({ id: 'm-5000', source: '/test' })).toBeDefined()
})

test('looks at no more than it is told to, and says where it got to', () => {
  const window = new MessageWindow(100)
  numbered(window, 25)
  const few = { matches: ({ number }: { readonly number: number }) => number % 2 === 1, limit: 10, atMost: 10 }
  const first = window.page({ ...few, before: undefined })
  expect(idsOf(first.rows)).toEqual(['m-25', 'm-23', 'm-21', 'm-19', 'm-17'])
  expect(first).toMatchObject({ onward: 16 })
  const second = window.page({ ...few, before: first.onward })
  expect(second).toMatchObject({ onward: 6 })
  expect(idsOf(window.page({ ...few, before: second.onward }).rows)).toEqual(['m-5', 'm-3', 'm-1'])
  expect(window.page({ ...few, before: second.onward }).onward).toBeUndefined()
})

test('tells what has changed since, and what changed last first', () => {
  const window = new MessageWindow(100)
  numbered(window, 20)
  const since = window.change
  expect(window.changedSince(since)).toEqual([])
  for (const at of [3, 7, 12]) window.take(toldOf({ id: `m-${at}` }, [told('published', 100 + at)]))
  window.take(toldOf({ id: 'm-3' }, [told('routed', 200)]))
  expect(idsOf(window.changedSince(since))).toEqual(['m-3', 'm-12', 'm-7'])
})

test('takes facts for what they are, whatever somebody has told', () => {
  const window = new MessageWindow(10)
  const facts = { reason: 7, error: { a: 1 }, groups: [5, 'mail'] } as unknown as Step['facts']
  window.take(toldOf({}, [told('routed', 1, { facts: facts! }), told('failed', 2, { group: 'mail', facts: facts! })]))
  expect(window.find({ id: 'm-1', source: '/test' })?.row).toMatchObject({
    failure: { reason: 'failed', error: '' },
    groups: [{ name: 'mail' }],
  })
})

test('knows what has no end yet', () => {
  const window = new MessageWindow(100)
  window.take(toldOf({ id: 'done' }, wholeStory(1)))
  window.take(toldOf({ id: 'under way' }, wholeStory(1).slice(0, 4)))
  window.take(toldOf({ id: 'kept apart' }, [told('accepted', 1), told('unrouted', 2)]))
  expect(idsOf([...window.unfinished()])).toEqual(['under way'])
})
