import { Type } from 'typebox'
import { byRoute } from '../../../shared/messages/by-route'
import { group } from '../../../shared/messages/group'
import { command, event } from '../../../shared/messages/message'
import { matching, rule } from '../../../shared/messages/rule'

const placed = event('order.placed', Type.Object({}))
const cancelled = event('order.cancelled', Type.Object({}))
const shipped = event('parcel.shipped', Type.Object({}))
const pay = command('order.pay', Type.Object({}))
const catalogue = [placed, cancelled, shipped, pay]

test('a pattern stands for the events whose names fit it, and never for a command', () => {
  expect(matching('order.*', catalogue)).toEqual([placed, cancelled])
  expect(matching('#', catalogue)).toEqual([placed, cancelled, shipped])
  expect(() => matching('orders.*', catalogue)).toThrow(
    'no event fits the pattern "orders.*"; there are order.placed, order.cancelled, parcel.shipped',
  )
  expect(() => matching('order.*', [pay])).toThrow('there are no events at all')
})

test('the broker brings a group all types that it takes and that its rules are about, each once', () => {
  const large = rule('large', [placed, cancelled], { when: 'true' })
  const urgent = rule('urgent', [placed], { when: 'true' })
  const made = group('stock', [shipped, large, urgent])
  expect(made.types).toEqual([shipped, placed, cancelled])
  expect(made.rules).toEqual([large, urgent])
})

test.each([
  ['a name that says nothing', () => rule(' ', [placed], { when: 'true' }), 'give it a name'],
  ['no type', () => rule('large', [], { when: 'true' }), 'rule "large" is for no message type'],
  ['a command', () => rule('large', [pay], { when: 'true' }), 'rule "large" would filter the command "order.pay"'],
  ['no condition', () => rule('large', [placed], {}), 'rule "large" has neither attributes nor when'],
  ['no attributes', () => rule('large', [placed], { attributes: {} }), 'rule "large" has neither attributes nor when'],
  [
    'a wrong attribute',
    () => rule('large', [placed], { attributes: { 'ce-x': 'a' } }),
    '"ce-x" is no attribute\'s name',
  ],
  [
    'what is said in other words',
    () => rule('large', [placed], { attributes: { specversion: '1.0' } }),
    '"specversion" is no attribute\'s name',
  ],
  ['the data', () => rule('large', [placed], { attributes: { data: 'a' } }), '"data" is no attribute\'s name'],
])('a rule is refused for %s', (_, make, sentence) => {
  expect(make).toThrow(sentence)
})

test('a group is refused for a rule that decides nothing, and for two rules of one name', () => {
  const large = rule('large', [placed], { when: 'true' })
  expect(() => group('stock', [placed, large])).toThrow(
    'group "stock" takes every "order.placed", so that its rule "large" decides nothing',
  )
  expect(() => group('stock', [large, rule('large', [shipped], { when: 'true' })])).toThrow(
    'group "stock" has two rules named "large"',
  )
})

test('a type that comes by route is among those of the group, and comes in no other way', () => {
  const { types, byRoute: byRules } = group('stock', [placed, byRoute(shipped), byRoute(shipped)])
  expect([types, byRules]).toEqual([[placed, shipped], [shipped]])
  expect(() => group('stock', [placed, byRoute(placed)])).toThrow(
    'group "stock" takes "order.placed" by itself and by route; leave one of them out',
  )
  expect(() => byRoute(pay)).toThrow('"order.pay" is a command, which its one group gets always')
})
