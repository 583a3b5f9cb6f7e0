import type { DeclaredWays } from '../../../shared/messaging/broker-objects'
import { noRoutes } from '../../../shared/routing/routes/route-set'
import { explainRoute } from '../../../shared/operations/explain-route'
import { orderPlaced, paymentCapture } from '../messages/example-types'

const exchange = (name: string, type: string, alternate?: string) =>
  ({
    kind: 'exchange',
    name,
    facts: { type, ...(alternate !== undefined && { 'alternate-exchange': alternate }) },
  }) as const
const binding = (from: string, routingKey: string, destination: string) => ({ exchange: from, routingKey, destination })

/** Exchanges of every type, one behind the other. */
function waysWith(bindings: readonly ReturnType<typeof binding>[]): DeclaredWays {
  return {
    objects: [
      exchange('commands', 'direct'),
      exchange('events', 'topic', 'kept'),
      exchange('kept', 'fanout', 'nowhere'),
      exchange('nowhere', 'topic'),
    ],
    bindings,
    exchangeOf: { command: 'commands', event: 'events' },
    keysOf: ({ type }) => [type],
    queuesOf: new Map(),
    due: () => undefined,
  }
}

function queuesFor(type: Parameters<typeof explainRoute>[0], ways: DeclaredWays) {
  const event = { id: '1', source: '/s', type: type.name, time: undefined, extensions: {}, data: {} }
  const routing = { explain: () => ({ verdict: 'takes', by: undefined }) as const }
  const parts = { ways, groups: [], routing, routes: noRoutes, now: () => 0 }
  const { queues, alternateExchange } = explainRoute(type, event, parts)
  return [queues, alternateExchange]
}

test.each([
  ['a topic exchange goes by patterns', [binding('events', 'order.*', 'a'), binding('events', 'order', 'b')], ['a']],
  ['each queue is named once', [binding('events', 'order.*', 'a'), binding('events', '#', 'a')], ['a']],
  [
    'bindings of other exchanges are not looked at',
    [binding('events', '#', 'a'), binding('commands', '#', 'b')],
    ['a'],
  ],
])('%s', (_, bindings, queues) => {
  expect(queuesFor(orderPlaced, waysWith(bindings))).toEqual([queues, undefined])
})

test('a direct exchange knows no patterns', () => {
  const bindings = [binding('commands', 'payment.*', 'a'), binding('commands', 'payment.capture', 'b')]
  expect(queuesFor(paymentCapture, waysWith(bindings))).toEqual([['b'], undefined])
  expect(queuesFor(paymentCapture, waysWith(bindings.slice(0, 1)))).toEqual([[], undefined])
})

test('what no binding wants goes by the alternate exchange, whatever key stands there, and on by its own', () => {
  expect(queuesFor(orderPlaced, waysWith([binding('kept', 'other', 'k')]))).toEqual([['k'], 'kept'])
  expect(queuesFor(orderPlaced, waysWith([binding('nowhere', '#', 'n')]))).toEqual([['n'], 'nowhere'])
  expect(queuesFor(orderPlaced, waysWith([binding('events', '#', 'e'), binding('kept', '', 'k')]))[0]).toEqual(['e'])
})
