import { parseFilter } from '../../../services/console/filter/filter'
import { LiveFrames, type LiveAsked, type LiveParts } from '../../../services/console/live/live-frames'
import { MessageWindow } from '../../../services/console/window/message-window'
import { observedOf } from './door'
import { told, toldOf, wholeStory } from './told'

function stage(most = 1_000) {
  const window = new MessageWindow(most)
  let now = 1_000_000
  const parts: LiveParts = { ...observedOf(window), now: () => now, epoch: 'here' }
  const open = (asked: Partial<LiveAsked> = {}) =>
    new LiveFrames(parts, { matches: parseFilter(''), range: undefined, last: undefined, ...asked })
  return { window, parts, open, pass: (ms: number) => (now += ms) }
}

const listening = new AbortController().signal
const ids = (rows: readonly { readonly id: string }[] = []) => rows.map(({ id }) => id)

test('begins with the newest messages, then tells changes alone', async () => {
  const { window, open } = stage()
  for (const id of ['a', 'b']) window.take(toldOf({ id }, [told('accepted', 1)]))
  const frames = open()
  const first = await frames.next(listening)
  expect(first).toMatchObject({ begins: 'anew', window: { messages: 2 }, system: { services: [] } })
  expect(ids(first?.rows)).toEqual(['b', 'a'])
  expect(await frames.next(listening)).toBeUndefined()
  window.take(toldOf({ id: 'a' }, [told('published', 2)]))
  const second = await frames.next(listening)
  expect(second).toMatchObject({ rows: [{ id: 'a', state: 'published' }] })
  expect(second?.begins).toBeUndefined()
  expect(await frames.next(listening)).toBeUndefined()
})

test('says where older ones begin, and nothing where there are none', async () => {
  const { window, open } = stage()
  for (let id = 1; id <= 200; id++) window.take(toldOf({ id: String(id) }, [told('accepted', id)]))
  expect((await open().next(listening))?.next).toBeUndefined()
  window.take(toldOf({ id: '201' }, [told('accepted', 201)]))
  const { rows = [], next } = (await open().next(listening)) ?? {}
  expect([rows.length, rows.at(-1)?.id, next]).toEqual([200, '2', rows.at(-1)?.number])
})

test('goes on where the caller was, and begins anew for what another process told, or nonsense', async () => {
  const { window, open } = stage()
  window.take(toldOf({ id: 'a' }, [told('accepted', 1)]))
  const before = open()
  await before.next(listening)
  const last = before.id
  window.take(toldOf({ id: 'b' }, [told('accepted', 2)]))
  const resumed = await open({ last }).next(listening)
  expect(ids(resumed?.rows)).toEqual(['b'])
  expect(resumed?.begins).toBeUndefined()
  for (const other of ['elsewhere.1', 'here.99', 'here.-1', 'here', '', 'here.x.y'])
    expect(await open({ last: other }).next(listening)).toMatchObject({
      begins: 'anew',
      rows: [{ id: 'b' }, { id: 'a' }],
    })
})

test('of more than it tells at once the newest are told, and the number of the others', async () => {
  const { window, open } = stage()
  const frames = open()
  await frames.next(listening)
  for (let at = 0; at < 450; at++) window.take(toldOf({ id: `m-${at}` }, [told('accepted', at)]))
  const frame = await frames.next(listening)
  expect(frame?.rows).toHaveLength(200)
  expect([frame?.skipped, frame?.rows?.[0]?.id, frame?.rows?.at(-1)?.id]).toEqual([250, 'm-449', 'm-250'])
  expect(await frames.next(listening)).toBeUndefined()
})

test('tells which rows no longer pass the filter', async () => {
  const { window, open } = stage()
  window.take(toldOf({ id: 'a' }, wholeStory(1).slice(0, 4)))
  const frames = open({ matches: parseFilter('-state:processed') })
  expect(ids((await frames.next(listening))?.rows)).toEqual(['a'])
  window.take(toldOf({ id: 'a' }, wholeStory(1)))
  expect(await frames.next(listening)).toEqual({ gone: [1] })
})

test('whoever has missed more than can be told begins anew', async () => {
  const { window, open } = stage(10_000)
  window.take(toldOf({ id: 'dead' }, [told('dead', 1, { group: 'mail', attempt: 5 })]))
  const frames = open({ matches: parseFilter('state:dead') })
  expect(ids((await frames.next(listening))?.rows)).toEqual(['dead'])
  window.take(toldOf({ id: 'dead' }, [told('discarded', 2, { group: 'mail' })]))
  for (let at = 0; at < 6_000; at++) window.take(toldOf({ id: `m-${at}` }, [told('accepted', at)]))
  expect(await frames.next(listening)).toMatchObject({ begins: 'anew', rows: [] })
  expect(await frames.next(listening)).toBeUndefined()
})

test('tells of the system each second, and of numbers each two seconds to whoever wants them', async () => {
  const { open, pass } = stage()
  const frames = open({ range: '5m', matches: undefined })
  expect(Object.keys((await frames.next(listening)) ?? {}).sort()).toEqual(['numbers', 'system', 'window'])
  expect(await frames.next(listening)).toBeUndefined()
  pass(1_000)
  expect(Object.keys((await frames.next(listening)) ?? {}).sort()).toEqual(['system', 'window'])
  pass(1_000)
  expect(await frames.next(listening)).toMatchObject({ numbers: { range: '5m' } })
})
