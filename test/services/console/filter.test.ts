import type { Content } from '../../../shared/journal/content'
import { parseFilter } from '../../../services/console/filter/filter'
import { FilterError } from '../../../services/console/filter/filter-error'
import type { MessageRow } from '../../../services/console/views/message-row'

const now = 1_000_000
const row: MessageRow = {
  number: 1,
  id: 'A-17',
  source: '/shop',
  type: 'order.placed',
  state: 'dead',
  at: now - 60_000,
  lastAt: now - 58_000,
  groups: [
    { name: 'ledger', state: 'processed', attempt: 1, replays: 0 },
    { name: 'mail', state: 'dead', attempt: 5, replays: 1 },
  ],
  failure: { reason: 'failed', error: 'Error: the books are CLOSED' },
  correlationId: 'c-1',
  causationId: 'k-1',
}

const passes = (filter: string, changes: Partial<MessageRow> = {}) => parseFilter(filter)({ ...row, ...changes }, now)

test.each([
  '',
  '   ',
  'type:order.placed',
  'TYPE:Order.Placed',
  'type:order.*',
  'type:*.placed',
  'type:o*r.p*d',
  'state:dead group:mail',
  'group:ledger',
  'id:a-17',
  'source:/shop',
  'reason:failed',
  'error:*closed',
  'error:"error: the books*"',
  '"the books are"',
  'books',
  'c-1',
  'correlation:c-1',
  'causation:k-1',
  '-state:processed',
  '-"another text"',
  'began<1970-01-01T00:16:00Z ended>1970-01-01T00:15:00Z',
  'age<2m',
  'age>59s',
  'took>1.5s took<3s',
  'attempts>4',
  'replays>0',
  'attempts<6 -replays>1',
])('%s passes', (filter) => {
  expect(passes(filter)).toBe(true)
})

test.each([
  'type:order',
  'type:placed',
  'type:*x*',
  'type:order.placed*order.placed',
  'state:dead state:processed',
  'group:payments',
  '-group:mail',
  'age>2m',
  'age<60s',
  'took>2s',
  'began>1970-01-01T00:16:00Z',
  'ended<1970-01-01T00:15:00Z',
  'attempts>5',
  'nothing-like-it',
])('%s does not', (filter) => {
  expect(passes(filter)).toBe(false)
})

test('a message without failure or whole has none to compare', () => {
  const { failure: _, correlationId: _c, causationId: _k, ...plain } = row
  expect(parseFilter('error:*')(plain, now)).toBe(false)
  expect(parseFilter('causation:*')(plain, now)).toBe(false)
  // It is the first of its own whole.
  expect(parseFilter('correlation:A-17')(plain, now)).toBe(true)
})

test.each([
  ['typ:hello', 'did you mean type?'],
  ['agee<1m', 'did you mean age?'],
  ['constructor:x', 'is no field'],
  ['toString<1', 'is no field'],
  ['began<yesterday', 'use a time such as'],
  ['state:', '"state:" has no value'],
  ['age<soon', '"soon" is no value for age; use a duration such as 500ms'],
  ['attempts>many', 'use a whole number'],
  ['"open', 'a quote (") is not closed'],
  ['a '.repeat(21), 'more than 20 terms'],
  ['a'.repeat(1_001), 'longer than 1000 characters'],
])('%s is refused, and why is said', (filter, why) => {
  expect(() => parseFilter(filter)).toThrow(FilterError)
  expect(() => parseFilter(filter)).toThrow(why)
})

test('a pattern that would keep a regular expression busy for ever costs nothing', () => {
  const startedAt = performance.now()
  expect(passes(`error:${'*a'.repeat(200)}b`, { failure: { reason: 'failed', error: 'a'.repeat(50_000) } })).toBe(false)
  expect(performance.now() - startedAt).toBeLessThan(1_000)
})

describe('what a message carried', () => {
  const text =
    '{"orderId":"A-17","amountCents":4200,"items":[{"sku":"x-1"},{"sku":"y-2"}],"a.b":1,"deep":{"list":[1,20]}}'
  const content: Content = {
    ...{ id: 'A-17', source: '/shop', type: 'order.placed', bytes: text.length, attributes: { tenant: 'acme' } },
    data: { kind: 'kept', text, redacted: [] },
  }
  const carries = (filter: string, carried: Content | undefined = content) =>
    parseFilter(filter, () => carried)(row, now)

  test.each([
    'data.orderId:a-17',
    'data.orderId:a*',
    'DATA.orderId:A-17',
    'data.amountCents:4200',
    'data.amountCents>4199',
    'data.amountCents<4200.5',
    'data.items.1.sku:y-2',
    'data.items.*.sku:y*',
    'data.deep.list.*>19',
    'data:"x-1"',
    'data:ORDERID',
    'attribute.tenant:acme',
    'attribute.Tenant:ac*',
    '-data.orderId:B',
    'type:order.* data.amountCents>100 -attribute.tenant:other',
  ])('%s matches', (filter) => {
    expect(carries(filter)).toBe(true)
  })

  test.each([
    'data.orderid:a-17',
    'data.items:x',
    'data.items.2.sku:*',
    'data.amountCents>4200',
    'data.orderId>1',
    'data.constructor:*',
    'data.items.length:2',
    'data:nothing-like-it',
    'attribute.orderId:*',
    '-data.orderId:A-17',
  ])('%s does not', (filter) => {
    expect(carries(filter)).toBe(false)
  })

  test('what is not known matches nothing, and its contrary all', () => {
    expect(parseFilter('data.orderId:*')(row, now)).toBe(false)
    expect(parseFilter('-data.orderId:*')(row, now)).toBe(true)
    const because = 'it is too large'
    expect(carries('data.orderId:*', { ...content, data: { kind: 'left out', because } })).toBe(false)
    expect(carries('data:*', { ...content, data: { kind: 'kept', text: 'no JSON', redacted: [] } })).toBe(true)
    expect(carries('data.a:*', { ...content, data: { kind: 'kept', text: 'no JSON', redacted: [] } })).toBe(false)
  })

  test.each([
    ['data.amountCents>much', '"much" is no value for data.amountCents; use a number'],
    ['attribute:acme', 'is no field'],
    ['attribute.a.b:x', 'is no field'],
    ['data..a:x', 'is no field'],
    ['body.total>1', 'did you mean data.total?'],
    ['headers.tenant:acme', 'did you mean attribute.tenant?'],
  ])('%s is refused, and why is said', (filter, why) => {
    expect(() => parseFilter(filter)).toThrow(why)
  })
})
