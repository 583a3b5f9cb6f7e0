import { Type } from 'typebox'
import { event } from '../../../shared/messages/message'
import type { RoutedEvent } from '../../../shared/routing/routed-event'

/** Events of the tests of rules. */
export const orderPlaced = event(
  'order.placed',
  Type.Object({
    orderId: Type.String(),
    amountCents: Type.Integer(),
    weightKg: Type.Optional(Type.Number()),
    currency: Type.Optional(Type.String()),
    express: Type.Optional(Type.Boolean()),
    channel: Type.Optional(Type.Union([Type.Literal('web'), Type.Literal('shop')])),
    note: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    address: Type.Optional(Type.Object({ country: Type.String() })),
    items: Type.Optional(Type.Array(Type.Object({ sku: Type.String(), count: Type.Integer() }))),
    labels: Type.Optional(Type.Record(Type.String(), Type.Integer())),
    extra: Type.Optional(Type.Unknown()),
  }),
)

export const orderCancelled = event('order.cancelled', Type.Object({ orderId: Type.String(), reason: Type.String() }))

export const orderShipped = event('order.shipped', Type.Object({ orderId: Type.String() }), {
  description: 'd',
  examples: [],
  partitions: 4,
})

export const lineSaid = event('line.said', Type.String())

export function placed(data: object, change: Partial<RoutedEvent> = {}): RoutedEvent {
  return {
    id: 'e-1',
    source: '/shop/web',
    type: 'order.placed',
    time: '2026-05-01T12:00:00Z',
    extensions: {},
    data: { orderId: 'A-1', amountCents: 4_200, ...data },
    ...change,
  }
}
