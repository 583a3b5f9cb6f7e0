import type { Envelope, Route } from '../../../../shared/messaging/transport'
import { routedPublishing } from '../../../../shared/operations/routes/routed-publishing'
import { noRoutes } from '../../../../shared/routing/routes/route-set'
import { routesOf } from '../../routing/routes/known'

const order: Envelope = {
  id: '1',
  source: '/shop',
  type: 'order.placed',
  time: undefined,
  contentType: 'application/json',
  data: Buffer.from('{"orderId":"A-1","amountCents":7}'),
  extensions: { tenant: 'acme' },
}

function publishingBy(rules: string) {
  const sent: { readonly envelope: Envelope; readonly route: Route }[] = []
  const steps: unknown[] = []
  const troubles: string[] = []
  const set = rules === '' ? noRoutes : routesOf(`version: 1\nrules:\n${rules}`)
  const publishing = routedPublishing(
    {
      publish: (envelope, route) => {
        sent.push({ envelope, route })
        return Promise.resolve({ outcome: 'confirmed', detail: 'confirmed' })
      },
    },
    {
      current: () => set,
      journal: { note: (_, step, last) => steps.push([step, last]) },
      decided: (decision) => troubles.push(...decision.troubles.map(({ because }) => because)),
      last: 'last',
      now: () => Date.parse('2026-01-01T00:00:00Z'),
    },
  )
  return { publish: (route: Route, envelope = order) => publishing.publish(envelope, route), sent, steps, troubles }
}

test.each(['', '  - { name: n, match: order.cancelled, drop: true }'])(
  'a message of a type without rules is passed on as it is',
  async (rules) => {
    const { publish, sent } = publishingBy(rules)
    await publish({ kind: 'event' })
    expect(sent[0]?.envelope).toBe(order)
    expect(sent[0]?.route).toEqual({ kind: 'event' })
  },
)

test('groups go with the route, delay, key and priority with the message', async () => {
  const { publish, sent } = publishingBy(
    '  - { name: n, match: order.placed, copy: [fraud], delay: 90, key: event.data.orderId, priority: 7 }',
  )
  await publish({ kind: 'event' })
  expect(sent).toEqual([
    {
      envelope: {
        ...order,
        extensions: {
          tenant: 'acme',
          deliverat: '2026-01-01T00:01:30.000Z',
          partitionkey: 'A-1',
          priority: '7',
        },
      },
      route: { kind: 'event', groups: { also: ['fraud'] } },
    },
  ])
})

test('a message that says its priority itself is passed on as it is', async () => {
  const { publish, sent } = publishingBy('  - { name: n, match: order.placed, priority: 7 }')
  const own = { ...order, extensions: { priority: '2' } }
  await publish({ kind: 'event' }, own)
  expect(sent[0]?.envelope).toBe(own)
})

test('what is dropped is not sent, and is told to the journal', async () => {
  const { publish, sent, steps } = publishingBy('  - { name: n, match: order.placed, drop: true }')
  expect(await publish({ kind: 'event' })).toEqual({ outcome: 'dropped', detail: 'the rule "n" drops it' })
  expect(sent).toEqual([])
  expect(steps).toEqual([[{ kind: 'dropped', facts: { rule: 'n' } }, 'last']])
})

test('what goes to where nobody wants it is asked nothing', async () => {
  const { publish, sent } = publishingBy('  - { name: n, match: order.placed, drop: true }')
  await publish({ kind: 'unrouted' })
  expect(sent).toHaveLength(1)
})

test.each([
  ['data that is no JSON', Buffer.from('{'), []],
  [
    'a division by zero',
    Buffer.from('{"orderId":"A","amountCents":0}'),
    ['rule "n" cannot be asked: division by zero'],
  ],
])('with %s the message goes on without the rule', async (_, data, because) => {
  const { publish, sent, troubles } = publishingBy(
    '  - { name: n, match: order.placed, when: 7 / event.data.amountCents > 0, drop: true }',
  )
  await publish({ kind: 'event' }, { ...order, data })
  expect(sent).toHaveLength(1)
  expect(troubles).toEqual(because)
})
