import { group } from '../../../shared/messages/group'
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
