import fc from 'fast-check'
import { group } from '../../../../shared/messages/group'
import { orderShipped, placed } from '../shop'
import { routesOf } from './known'

interface Drawn {
  readonly from: number
  readonly does: Readonly<Record<string, string>>
}

/** Each rule wants orders of at least so many cents. */
function textOf(rules: readonly Drawn[]): string {
  const each = rules.map(({ from, does }, at) => {
    const lines = Object.entries(does).map(([key, value]) => `    ${key}: ${value}\n`)
    return `  - name: rule ${at}\n    match: order.placed\n    when: event.data.amountCents >= ${from}\n${lines.join('')}`
  })
  return `version: 1\nrules:${each.length === 0 ? ' []' : ''}\n${each.join('')}`
}

const nowMs = Date.parse('2026-05-01T12:00:00Z')

const decided = (rules: readonly Drawn[], amountCents: number, extensions: Record<string, string> = {}) =>
  routesOf(textOf(rules)).decide(placed({ amountCents }, { extensions }), nowMs)

test('without a rule that matches, nothing is decided', () => {
  const nothing = {
    groups: undefined,
    droppedBy: undefined,
    delaySeconds: undefined,
    key: undefined,
    priority: undefined,
    acts: [],
    troubles: [],
  }
  expect(decided([], 1)).toEqual(nothing)
  expect(decided([{ from: 2, does: { drop: 'true' } }], 1)).toEqual(nothing)
  expect(
    routesOf(textOf([{ from: 0, does: { drop: 'true' } }])).decide(placed({}, { type: 'order.cancelled' }), nowMs),
  ).toEqual(nothing)
})

test('the first route decides, copies add up, and each group is named once', () => {
  const rules = [
    { from: 0, does: { copy: '[fraud]' } },
    { from: 0, does: { route: '[mail, fraud]', copy: '[mail]' } },
    { from: 0, does: { route: '[ledger]' } },
    { from: 0, does: { drop: 'true' } },
    { from: 0, does: { copy: '[ledger]' } },
  ]
  expect(decided(rules, 1)).toMatchObject({
    groups: { only: ['mail', 'fraud', 'ledger'] },
    droppedBy: undefined,
    acts: [
      { rule: 'rule 0', action: 'copy' },
      { rule: 'rule 1', action: 'route' },
      { rule: 'rule 1', action: 'copy' },
      { rule: 'rule 4', action: 'copy' },
    ],
  })
  expect(decided(rules.slice(0, 1), 1).groups).toEqual({ also: ['fraud'] })
})

test('a drop before every route leaves nothing of the others', () => {
  const rules = [
    { from: 0, does: { copy: '[fraud]', delay: '5', key: 'event.data.orderId', priority: '9' } },
    { from: 0, does: { drop: 'true' } },
    { from: 0, does: { route: '[mail]' } },
  ]
  expect(decided(rules, 1)).toEqual({
    groups: undefined,
    droppedBy: 'rule 1',
    delaySeconds: undefined,
    key: undefined,
    priority: undefined,
    acts: [{ rule: 'rule 1', action: 'drop' }],
    troubles: [],
  })
})

test('the first delay and key win, and before them what the message says', () => {
  const rules = [
    { from: 5, does: { delay: '5', key: 'event.data.currency' } },
    { from: 0, does: { delay: '9', key: 'event.data.amountCents' } },
  ]
  expect(decided(rules, 1)).toMatchObject({ delaySeconds: 9, key: '1' })
  expect(decided(rules, 5)).toMatchObject({ delaySeconds: 5, key: '5' })
  expect(decided(rules, 5, { deliverat: '2030-01-01T00:00:00Z', partitionkey: 'mine' })).toMatchObject({
    delaySeconds: undefined,
    key: undefined,
    acts: [],
  })
})

test('so it is with the priority, down to 0', () => {
  const rules = [
    { from: 5, does: { priority: '0' } },
    { from: 0, does: { copy: '[fraud]', priority: '9' } },
  ]
  expect(decided(rules, 1)).toMatchObject({
    priority: 9,
    acts: [
      { rule: 'rule 1', action: 'copy' },
      { rule: 'rule 1', action: 'priority' },
    ],
  })
  expect(decided(rules, 5).priority).toBe(0)
  expect(decided(rules, 5, { priority: '4' })).toMatchObject({
    priority: undefined,
    acts: [{ rule: 'rule 1', action: 'copy' }],
    troubles: [],
  })
})

test('a rule that cannot be asked has no part in it, whatever else it would do', () => {
  const rules = [
    { from: 0, does: { copy: '[fraud]', key: 'string(100 / event.data.amountCents)' } },
    { from: 0, does: { copy: '[mail]' } },
  ]
  expect(decided(rules, 0)).toMatchObject({
    groups: { also: ['mail'] },
    troubles: [{ rule: 'rule 0', because: 'rule "rule 0" gives no key: division by zero' }],
  })
  const long = { from: 0, does: { delay: '1', key: 'event.data.orderId' } }
  const { delaySeconds, troubles } = routesOf(textOf([long])).decide(placed({ orderId: 'x'.repeat(256) }), nowMs)
  expect({ delaySeconds, troubles }).toEqual({
    delaySeconds: undefined,
    troubles: [{ rule: 'rule 0', because: 'rule "rule 0" gives a key of 256 bytes; 255 are allowed' }],
  })
})

test('a delay that would reach the expiry of the message is left out, and told; the next that fits counts', () => {
  const expirytime = '2026-05-01T12:01:00Z'
  const late = { from: 0, does: { copy: '[fraud]', delay: '60' } }
  const because = `rule "rule 0" does not delay it: it would expire at ${expirytime}, before it is due in 60 s`
  const outcome = { groups: { also: ['fraud'] }, troubles: [{ rule: 'rule 0', because }] }
  expect(decided([late], 1, { expirytime })).toMatchObject({ ...outcome, delaySeconds: undefined })
  expect(decided([late, { from: 0, does: { delay: '59' } }], 1, { expirytime })).toMatchObject({
    ...outcome,
    delaySeconds: 59,
    acts: [
      { rule: 'rule 0', action: 'copy' },
      { rule: 'rule 1', action: 'delay' },
    ],
  })
})

test.each([
  ['', 'it has 0 bytes; 1 to 255 are allowed'],
  ['x'.repeat(256), 'it has 256 bytes; 1 to 255 are allowed'],
  ['A\n1', 'it holds a control character'],
])('nor one that gives a type which keeps order a key that cannot keep it', (orderId, why) => {
  const text = 'version: 1\nrules:\n  - name: by order\n    match: order.shipped\n    key: event.data.orderId\n'
  const shipping = { catalogue: [orderShipped], groups: [group('ledger', [orderShipped])] }
  const { key, troubles } = routesOf(text, shipping).decide(placed({ orderId }, { type: 'order.shipped' }), nowMs)
  const because = `rule "by order" gives a key that cannot be used: ${why}`
  expect({ key, troubles }).toEqual({ key: undefined, troubles: [{ rule: 'by order', because }] })
})

const inOrder = 'rule "hurries" gives it no priority: it keeps its order by its key, and overtakes nothing'

test.each<[string, string, Record<string, string>, number | undefined]>([
  ['its own key has no priority', '', { partitionkey: 'mine' }, undefined],
  ['the key of a later rule has none', '  - { name: k, match: order.shipped, key: event.id }\n', {}, undefined],
  ['no key has one', '', {}, 9],
  ['a key that keeps no order has one', '', { partitionkey: 'a\nb' }, 9],
])('of a type that keeps order, a message with %s', (_, more, extensions, priority) => {
  const text = `version: 1\nrules:\n  - { name: hurries, match: order.shipped, delay: 1, priority: 9 }\n${more}`
  const shipping = { catalogue: [orderShipped], groups: [group('ledger', [orderShipped])] }
  const decision = routesOf(text, shipping).decide(placed({}, { type: 'order.shipped', extensions }), nowMs)
  const acts = decision.acts.filter(({ rule }) => rule === 'hurries').map(({ action }) => action)
  expect({ ...decision, acts }).toMatchObject({
    delaySeconds: 1,
    priority,
    acts: priority === undefined ? ['delay'] : ['delay', 'priority'],
    troubles: priority === undefined ? [{ rule: 'hurries', because: inOrder }] : [],
  })
})

test('a key orders nothing of a type that keeps no order, and the priority holds', () => {
  const rules = [{ from: 0, does: { key: 'event.id', priority: '0' } }]
  expect(decided(rules, 1)).toMatchObject({ key: 'e-1', priority: 0, troubles: [] })
})

const groups = fc.uniqueArray(fc.constantFrom('ledger', 'mail', 'fraud'), { minLength: 1 })
const rules = fc.array(
  fc.record({
    from: fc.integer({ min: 0, max: 9 }),
    does: fc.oneof(
      fc.constant({ drop: 'true' }),
      fc
        .record(
          {
            route: groups,
            copy: groups,
            delay: fc.integer({ min: 1, max: 99 }),
            key: fc.constantFrom('event.id', 'event.source'),
            priority: fc.integer({ min: 0, max: 9 }),
          },
          { requiredKeys: [] },
        )
        .filter((does) => Object.keys(does).length > 0)
        .map((does) =>
          Object.fromEntries(
            Object.entries(does).map(([key, value]) => [
              key,
              Array.isArray(value) ? `[${value.join()}]` : String(value),
            ]),
          ),
        ),
    ),
  }),
  { maxLength: 8 },
)

test('of any rules, the same come out as by looking for the first of each kind', () => {
  fc.assert(
    fc.property(rules, fc.integer({ min: 0, max: 9 }), (drawn, amountCents) => {
      const decision = decided(drawn, amountCents)
      expect(decided(drawn, amountCents)).toEqual(decision)
      const matching = drawn.filter(({ from }) => amountCents >= from).map(({ does }) => does as Record<string, string>)
      const first = (...keys: string[]) => matching.find((does) => keys.some((key) => does[key] !== undefined))
      const place = first('route', 'drop')
      expect(decision.droppedBy !== undefined).toBe(place?.['drop'] !== undefined)
      if (decision.droppedBy !== undefined) return
      const listed = (text = '') => text.split(/[[\],]/).filter((name) => name !== '')
      const copies = matching.flatMap(({ copy }) => listed(copy))
      const named: string[] = Object.values(decision.groups ?? {}).flat()
      expect(new Set(named)).toEqual(new Set([...listed(place?.['route']), ...copies]))
      expect(new Set(named).size).toBe(named.length)
      expect(decision.groups !== undefined && 'only' in decision.groups).toBe(place !== undefined)
      expect(decision.delaySeconds).toEqual(first('delay') && Number(first('delay')?.['delay']))
      expect(decision.priority).toEqual(first('priority') && Number(first('priority')?.['priority']))
      expect(decision.key).toBe({ 'event.id': 'e-1', 'event.source': '/shop/web' }[first('key')?.['key'] ?? ''])
    }),
  )
})
