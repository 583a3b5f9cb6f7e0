import { Type } from 'typebox'
import { group } from '../../../shared/messages/group'
import { event } from '../../../shared/messages/message'
import { matching, rule, type RuleConditions } from '../../../shared/messages/rule'
import { Routing } from '../../../shared/routing/routing'
import { SettingsError } from '../../../shared/runtime/settings-error'
import { lineSaid, orderCancelled, orderPlaced, placed } from './shop'

const routingBy = (conditions: RuleConditions) =>
  new Routing([group('fraud', [rule('large', [orderPlaced], conditions)])])
const accepts = (conditions: RuleConditions, event = placed({})) => routingBy(conditions).accepts('fraud', event)

test('a group without rules takes every event of its types', () => {
  const routing = new Routing([group('ledger', [orderPlaced])])
  expect(routing.accepts('ledger', placed({}))).toBe(true)
  expect(routing.explain('ledger', placed({}))).toEqual({ verdict: 'takes', by: undefined })
})

test('a group takes what its rule wants, and types beside it as a whole', () => {
  const routing = new Routing([
    group('fraud', [orderCancelled, rule('large', [orderPlaced], { when: 'event.data.amountCents >= 100000' })]),
  ])
  expect(routing.accepts('fraud', placed({ amountCents: 100_000 }))).toBe(true)
  expect(routing.accepts('fraud', placed({ amountCents: 99_999 }))).toBe(false)
  expect(routing.accepts('fraud', placed({}, { type: 'order.cancelled', data: { orderId: 'A', reason: 'r' } }))).toBe(
    true,
  )
})

test('one of several rules is enough', () => {
  const routing = new Routing([
    group('fraud', [
      rule('large', [orderPlaced], { when: 'event.data.amountCents > 5000' }),
      rule('of the shop', [orderPlaced], { attributes: { source: { suffix: '/till' } } }),
    ]),
  ])
  expect(routing.accepts('fraud', placed({}))).toBe(false)
  expect(routing.accepts('fraud', placed({ amountCents: 6_000 }))).toBe(true)
  expect(routing.accepts('fraud', placed({}, { source: '/shop/till' }))).toBe(true)
})

test.each([
  ['exact', { source: '/shop/web' }, true],
  ['exact, in words', { source: { exact: '/shop' } }, false],
  ['prefix', { source: { prefix: '/shop' } }, true],
  ['suffix', { id: { suffix: '-1' } }, true],
  ['an extension', { tenant: 'acme' }, true],
  ['the subject', { subject: { prefix: 'orders/' } }, true],
  ['one of two', { tenant: 'acme', source: '/till' }, false],
  ['what is missing', { partner: { prefix: '' } }, false],
  ['a name of every object', { constructor: { prefix: '' } }, false],
])('attributes: %s', (_, attributes, wanted) => {
  const event = placed({}, { extensions: { tenant: 'acme', subject: 'orders/1' } })
  expect(accepts({ attributes }, event)).toBe(wanted)
})

test.each([
  ['whole numbers are whole', 'event.data.amountCents % 2 == 0 && event.data.amountCents / 1000 == 4', true],
  ['also within lists', 'event.data.items[0].count % 2 == 1', true],
  ['also under any name', 'event.data.labels.a % 2 == 1', true],
  ['what the schema leaves open compares as a number', 'event.data.extra.n > 2 && event.data.extra.n == 3', true],
  ['other numbers', 'event.data.weightKg < 2', true],
  ['time', 'event.time.getFullYear() == 2026', true],
  ['either of two literals', 'event.data.channel == "web"', true],
  ['a conversion', 'string(event.data.amountCents) == "4200"', true],
  ['optional and missing', 'event.data.currency == "EUR"', false],
  ['missing and denied', '!(event.data.currency == "EUR")', false],
  ['missing and guarded', '!has(event.data.currency) || event.data.currency == "EUR"', true],
  ['missing beside a yes', 'event.data.currency == "EUR" || event.data.express', true],
  ['missing beside a no', 'event.data.currency == "EUR" && !event.data.express', false],
  ['behind the end of a list', 'event.data.items[7].count == 1', false],
  ['a subject that is not there', 'event.subject == "x"', false],
])('when: %s', (_, when, wanted) => {
  const data = {
    express: true,
    channel: 'web',
    weightKg: 1.5,
    items: [{ sku: 'X', count: 3 }],
    labels: { a: 3 },
    extra: { n: 3 },
  }
  expect(accepts({ when }, placed(data))).toBe(wanted)
})

test('an event without a usable time has none', () => {
  const event = placed({}, { time: 'yesterday' })
  expect(accepts({ when: 'has(event.time)' }, event)).toBe(false)
})

test('what one type has and another has not makes a rule over both say no to the other', () => {
  const both = matching('order.*', [orderPlaced, orderCancelled, lineSaid])
  const routing = new Routing([group('fraud', [rule('late', both, { when: 'event.data.reason == "late"' })])])
  expect(routing.accepts('fraud', placed({}))).toBe(false)
  const cancelled = placed({}, { type: 'order.cancelled', data: { orderId: 'A', reason: 'late' } })
  expect(routing.accepts('fraud', cancelled)).toBe(true)
})

test.each([
  ['a list of texts and fields', 'event.data.orderId in ["X", event.data.orderId]', true],
  ['a map of them', '{"a": event.data.orderId, "b": "x"}["b"] == "x"', true],
  ['a number that is null', 'event.data.extra.n > 5', false],
  ['a text that is null', 'event.data.note.startsWith("x")', false],
  ['null itself', 'event.data.note == null', true],
  ['a pattern', 'event.data.orderId.matches("^A-[0-9]+$") && event.id.matches("e")', true],
  ['a pattern in brackets', '(event.data.orderId).matches("matches") || event.data.orderId.matches("A")', true],
  ['letters beyond the first plane', 'event.data.orderId != "😀" && event.data.amountCents > 1', true],
  ['brackets', 'event.data.amountCents - (event.data.amountCents - 10) > 0 && event.id != ""', true],
])('also: %s', (_, when, wanted) => {
  expect(accepts({ when }, placed({ note: null, extra: { n: null } }))).toBe(wanted)
})

test('whole numbers are whole where they may be null, in tuples and in joined objects', () => {
  const type = event(
    'form.sent',
    Type.Object({
      n: Type.Union([Type.Integer(), Type.Null()]),
      address: Type.Union([Type.Object({ no: Type.Integer() }), Type.Null()]),
      pair: Type.Tuple([Type.String(), Type.Integer()]),
      joined: Type.Intersect([Type.Object({ a: Type.Integer() }), Type.Object({ b: Type.Number() })]),
    }),
  )
  const when =
    'event.data.n % 2 == 0 && event.data.address.no % 2 == 0 && event.data.pair[1] % 2 == 0 && event.data.joined.a % 2 == 0'
  const routing = new Routing([group('forms', [rule('even', [type], { when })])])
  const data = { n: 4, address: { no: 6 }, pair: ['x', 8], joined: { a: 2, b: 2.5 } }
  expect(routing.accepts('forms', placed({}, { type: 'form.sent', data }))).toBe(true)
  expect(routing.accepts('forms', placed({}, { type: 'form.sent', data: { ...data, n: null } }))).toBe(false)
})

test('names that every object has are names as any other', () => {
  const extra = { constructor: {}, toString: 1, hasOwnProperty: 'x' }
  const event = placed({ extra }, { extensions: { constructor: 'x' } })
  expect(accepts({ when: 'event.data.extra.toString == 1 && event.data.extra != null' }, event)).toBe(true)
  expect(accepts({ when: 'event.data.extra.valueOf == 1' }, event)).toBe(false)
  expect(accepts({ when: 'event.extensions["constructor"] == "x"' }, event)).toBe(true)
  expect(accepts({ attributes: { constructor: 'x' } }, event)).toBe(true)
})

test('a rule in trouble keeps no other from saying yes, whichever is asked first', () => {
  const rules = [
    rule('divides', [orderPlaced], { when: '100 / event.data.amountCents > 1' }),
    rule('of A', [orderPlaced], { when: 'event.data.orderId == "A-1"' }),
  ]
  for (const order of [rules, [...rules].reverse()]) {
    const routing = new Routing([group('fraud', order)])
    expect(routing.accepts('fraud', placed({ amountCents: 0 }))).toBe(true)
    expect(routing.explain('fraud', placed({ amountCents: 0 }))).toMatchObject({
      verdict: 'takes',
      by: { rule: 'of A' },
    })
    expect(() => routing.accepts('fraud', placed({ amountCents: 0, orderId: 'B' }))).toThrow('division by zero')
  }
})

test('what is missing in one condition does not hide the trouble of another', () => {
  const parts = ['100 / event.data.amountCents > 1', 'event.data.currency == "EUR"']
  for (const joined of [parts, [...parts].reverse()])
    expect(() => accepts({ when: joined.join(' && ') }, placed({ amountCents: 0 }))).toThrow('division by zero')
})

test('a trouble quotes nothing of the event', () => {
  const routing = routingBy({ when: 'bool(event.data.orderId)' })
  expect(() => routing.accepts('fraud', placed({ orderId: 'my-secret-token' }))).toThrow(
    /^rule "large" cannot be asked: bool conversion error$/,
  )
})

test('a condition is shown as it stands in the rule', () => {
  const when =
    '(event.data.amountCents - (event.data.amountCents - 10)) > 0 && !(event.data.express == true) && event.id != "😀"'
  const answer = routingBy({ when }).explain('fraud', placed({ express: false }))
  expect(answer.verdict === 'takes' && answer.by?.conditions.map(({ condition }) => condition)).toEqual([
    '(event.data.amountCents - (event.data.amountCents - 10)) > 0',
    '!(event.data.express == true)',
    'event.id != "😀"',
  ])
})

test('a pattern is linear in the text, whatever the text', () => {
  const before = process.cpuUsage().user
  expect(
    accepts({ when: 'event.data.orderId.matches("^([a-z]+)+$")' }, placed({ orderId: `${'a'.repeat(50_000)}!` })),
  ).toBe(false)
  // JavaScript's own would take longer than the age of the universe.
  expect(process.cpuUsage().user - before).toBeLessThan(30_000_000)
})

test('events of ever new forms leave nothing behind', () => {
  const nested = (seed: number): unknown =>
    Array.from({ length: 40 }, (_, at) => (seed >> (at % 16)) & 1).reduce<unknown>(
      (inner, isList, at) => (isList ? [inner] : { [`k${(seed + at) % 7}`]: inner }),
      1,
    )
  const routing = routingBy({ when: 'event.data.extra == "x" || size(event.data.extra) == 7' })
  const heapAfter = (from: number, to: number) => {
    for (let seed = from; seed < to; seed++) routing.explain('fraud', placed({ extra: { it: nested(seed) } }))
    return process.memoryUsage().heapUsed
  }
  const before = heapAfter(0, 500)
  expect(heapAfter(500, 4_500) - before).toBeLessThan(100_000_000)
})

test('a rule that cannot be asked says so by its name, and is never taken for a no', () => {
  const routing = routingBy({ when: '100 / event.data.amountCents > 1' })
  expect(() => routing.accepts('fraud', placed({ amountCents: 0 }))).toThrow(
    'rule "large" cannot be asked: division by zero',
  )
  expect(routing.explain('fraud', placed({ amountCents: 0 }))).toEqual({
    verdict: 'parks',
    because: 'rule "large" cannot be asked: division by zero',
  })
})

test('an explanation tells each condition with what it read', () => {
  const when =
    'event.data.amountCents >= 100000 && (event.data.currency == "EUR" || event.data.express) && has(event.subject)'
  const answer = routingBy({ when, attributes: { source: { prefix: '/shop' } } }).explain('fraud', placed({}))
  expect(answer).toEqual({
    verdict: 'filters',
    rules: [
      {
        rule: 'large',
        says: 'no',
        conditions: [
          { condition: 'source begins with "/shop"', says: 'yes', because: 'source is "/shop/web"' },
          { condition: 'event.data.amountCents >= 100000', says: 'no', because: 'event.data.amountCents is 4200' },
          {
            condition: 'event.data.currency == "EUR" || event.data.express',
            says: 'undecided',
            because: 'No such key: express',
          },
          { condition: 'has(event.subject)', says: 'no', because: '' },
        ],
      },
    ],
  })
})

test('an explanation cuts what is long', () => {
  const conditions = { when: 'event.data.orderId == "B"' }
  const answer = routingBy(conditions).explain('fraud', placed({ orderId: 'A'.repeat(5_000) }))
  expect(JSON.stringify(answer).length).toBeLessThan(400)
})

test('all mistakes of all groups are told at once, each in a line that names group and rule', () => {
  const wrong = (name: string, when: string) => rule(name, [orderPlaced], { when })
  const groups = [group('a', [wrong('one', 'event.data.x'), wrong('two', 'true')]), group('b', [wrong('3', '1 +')])]
  expect(linesOf(() => new Routing(groups))).toEqual([
    expect.stringContaining('rule "one" of group "a" reads event.data.x'),
    expect.stringContaining('rule "3" of group "b" cannot be read'),
  ])
})

function linesOf(act: () => unknown): readonly string[] {
  try {
    act()
  } catch (error) {
    if (error instanceof SettingsError) return error.lines
    throw error
  }
  return []
}
