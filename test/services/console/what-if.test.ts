/** Which past messages would have gone elsewhere by other rules: what is told, and what cannot be. */
import type { Content } from '../../../shared/journal/content'
import type { WhatIfView } from '../../../services/console/views/routes'
import { KeptContents } from '../../../services/console/window/kept-contents'
import { MessageWindow } from '../../../services/console/window/message-window'
import { whatIf } from '../../../services/console/routes/what-if'
import { routesOf as setOf } from '../../shared/routing/routes/known'
import { observedOf, openConsoleDoor } from './door'
import { copies, keptOrder, known, large, routesOf, withRules } from './routes-fixtures'
import { toldOf, wholeStory, type Message } from './told'

const none = withRules().replace('rules:', 'rules: []')
const all = 'name: all to the ledger, match: order.placed, route: [ledger]'

/** A console that has these messages in memory, and this content of some. */
async function consoleWith(
  messages: readonly Message[],
  { before = none, kept = [] }: { readonly before?: string; readonly kept?: readonly Content[] } = {},
) {
  const window = new MessageWindow(1_000)
  for (const [at, message] of messages.entries()) window.take(toldOf(message, wholeStory(at * 1_000)))
  const contents = new KeptContents(1_000_000)
  for (const each of kept) contents.take(each)
  const observed = observedOf(window, undefined, contents)
  const door = await openConsoleDoor({}, undefined, { routes: routesOf(before), observed })
  return {
    door,
    ask: async (text: string, more: object = {}) =>
      (await door.post('/routes/what-if', { routes: text, ...more })).json<WhatIfView>(),
  }
}

const orders = ['m-1', 'm-2', 'm-3'].map((id) => ({ id }))

test('tells how many change hands, which, and how, without any content where rules need none', async () => {
  const { ask } = await consoleWith([...orders, { id: 'c-1', type: 'order.cancelled' }])
  const found = await ask(withRules(all))
  expect(found).toMatchObject({ asked: 4, total: 3, untold: { count: 0, because: [] } })
  expect(found.changed.map(({ id }) => id)).toEqual(['m-3', 'm-2', 'm-1'])
  expect(found.moves).toEqual([{ words: ['ledger, mail, vip', 'ledger'], count: 3 }])
  expect(found.changed[0]).toMatchObject({ from: { groups: ['ledger', 'mail', 'vip'] }, to: { groups: ['ledger'] } })
  expect(found.rules).toEqual({
    ...{ count: 1, added: ['all to the ledger'], removed: [], changed: [] },
    words: 'adds “all to the ledger”',
  })
})

test('the same rules change nothing, whatever they read', async () => {
  const { ask } = await consoleWith(orders, { before: withRules(large) })
  expect(await ask(withRules(large))).toMatchObject({ asked: 3, total: 0, untold: { count: 0 } })
})

test('by its content a message is told, and groups are asked for their own rules', async () => {
  const kept = [keptOrder({ id: 'm-1', data: { amountCents: 200_000 } }), keptOrder({ id: 'm-2' })]
  const { ask } = await consoleWith(orders, { kept })
  const found = await ask(withRules(large))
  expect(found).toMatchObject({
    asked: 3,
    total: 1,
    untold: {
      count: 1,
      because: [{ why: 'no content', words: expect.stringContaining('JOURNAL_DATA_BYTES') as string, count: 1 }],
    },
  })
  expect(found.changed).toMatchObject([
    { id: 'm-1', from: { groups: ['ledger', 'mail', 'vip'] }, to: { groups: ['mail'] } },
  ])
  const small = await ask(withRules(all), { filter: 'id:m-2' })
  expect(small.changed).toMatchObject([{ from: { groups: ['ledger', 'mail'] }, to: { groups: ['ledger'] } }])
})

test.each([
  ['redacted', { kind: 'kept', text: '{"amountCents":"[redacted]"}', redacted: ['/amountCents'] }],
  ['left out', { kind: 'left out', because: 'too large' }],
] as const)('what is %s is untold where a rule reads data, and told where none does', async (why, instead) => {
  const { ask } = await consoleWith([{ id: 'm-1' }], { kept: [keptOrder({ id: 'm-1', instead })] })
  expect(await ask(withRules(large))).toMatchObject({ total: 0, untold: { count: 1, because: [{ why, count: 1 }] } })
  const bySource = 'name: a, match: order.placed, attributes: { tenant: acme }, drop: true'
  expect(await ask(withRules(bySource))).toMatchObject({ total: 0, untold: { count: 0 } })
  expect(await ask(withRules(all))).toMatchObject({ total: 1, untold: { count: 0 } })
})

test('extensions count, and a delay is held against the time at which the message came', async () => {
  const expires = (at: number) => ({ expirytime: new Date(at).toISOString() })
  const kept = [
    keptOrder({ id: 'm-1', attributes: { tenant: 'acme' } }),
    keptOrder({ id: 'm-2', attributes: expires(11_000) }),
    keptOrder({ id: 'm-3', attributes: expires(60_000) }),
  ]
  const { ask } = await consoleWith(orders, { kept })
  const ofTenant = await ask(withRules('name: a, match: order.placed, attributes: { tenant: acme }, drop: true'))
  expect(ofTenant.changed).toMatchObject([{ id: 'm-1', to: { groups: [], droppedBy: 'a' } }])
  const delayed = await ask(withRules('name: a, match: order.placed, delay: 10'))
  expect(delayed.changed.map(({ id }) => id)).toEqual(['m-3', 'm-1'])
})

test('messages of a type that there is not are untold; only so many as are wanted are asked about', async () => {
  const { ask } = await consoleWith([...orders, { id: 'x', type: 'gone.away' }])
  expect(await ask(withRules(all), { last: 2 })).toMatchObject({
    asked: 2,
    total: 1,
    untold: { because: [{ why: 'unknown type', count: 1 }] },
  })
  expect(await ask(withRules(all), { last: 0 })).toMatchObject({ asked: 0, rules: { count: 1 } })
})

test('mistakes are told each with its line', async () => {
  const { door } = await consoleWith([])
  const wrong = withRules('name: a, match: order.placed, copy: [frud]', 'name: b, match: order.placed')
  const answer = (await door.post('/routes/what-if', { routes: wrong })).json<object>()
  expect(answer).toMatchObject({
    ...{ status: 422, code: 'invalid-routes' },
    mistakes: [
      { line: 3, text: expect.stringContaining('did you mean fraud?') as string },
      { line: 4, text: expect.stringContaining('does nothing') as string },
    ],
  })
})

test('of many, the newest 500 are listed; others breathe meanwhile, and who goes away ends it', async () => {
  const set = setOf(none, known)
  const { explained } = routesOf()
  const end = new AbortController()
  const parts = {
    ...{ parts: explained, before: set, after: setOf(withRules(copies), known), catalogue: known.catalogue },
    ...{ contentOf: () => keptOrder({ id: 'm' }), signal: end.signal },
  }
  const messages = Array.from({ length: 3_000 }, (_, at) => ({ id: `${at}`, source: '/s', type: 'order.placed', at }))
  let breaths = 0
  const breathe = () => void (breaths++, timer.refresh())
  const timer = setTimeout(breathe, 0)
  const found = await whatIf(messages, parts)
  clearTimeout(timer)
  expect(found).toMatchObject({ asked: 3_000, total: 3_000, moves: [{ count: 3_000 }] })
  expect(found.changed).toHaveLength(500)
  expect(breaths).toBeGreaterThan(2)
  const gone = whatIf(messages, parts)
  end.abort(new Error('gone'))
  await expect(gone).rejects.toThrow('gone')
})

test('one at a time: the next is asked to wait, and checks of a text go on', async () => {
  const window = new MessageWindow(1_000)
  for (let at = 0; at < 40; at++) window.take(toldOf({ id: `m-${at}` }, wholeStory(at)))
  const find = () => {
    const until = performance.now() + 13
    while (performance.now() < until);
    return undefined
  }
  const observed = { ...observedOf(window), contents: Object.assign(new KeptContents(0), { find }) }
  const door = await openConsoleDoor({}, undefined, { routes: routesOf(), observed })
  const [one, other, check] = await Promise.all([
    door.post('/routes/what-if', { routes: withRules(all) }),
    door.post('/routes/what-if', { routes: withRules(all) }),
    door.post('/routes/what-if', { routes: withRules(all), last: 0 }),
  ])
  expect([one.statusCode, other.statusCode].sort()).toEqual([200, 429])
  expect(check.statusCode).toBe(200)
  expect((await door.post('/routes/what-if', { routes: withRules(all) })).statusCode).toBe(200)
})

test('messages whose keys alone change are alike', async () => {
  const kept = orders.map(({ id }) => keptOrder({ id, data: { orderId: id } }))
  const { ask } = await consoleWith(orders, { kept })
  const found = await ask(withRules('name: a, match: order.placed, key: event.data.orderId'))
  expect(found.moves).toEqual([{ words: ['the key', 'another key'], count: 3 }])
  expect(found.changed[0]?.words).toEqual(['no key', 'key m-3'])
})
