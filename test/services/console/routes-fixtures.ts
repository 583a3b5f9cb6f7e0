import { byRoute } from '../../../shared/messages/by-route'
import { group } from '../../../shared/messages/group'
import { matching, rule } from '../../../shared/messages/rule'
import { declaredWays } from '../../../shared/messaging/open-broker-objects'
import { groupTopologies } from '../../../shared/operations/group-topology'
import { Routing } from '../../../shared/routing/routing'
import type { RoutesParts } from '../../../services/console/http/routes-parts'
import type { Content, KeptData } from '../../../shared/journal/content'
import { orderCancelled, orderPlaced } from '../../shared/routing/shop'
import { known as shop, routesOf as setOf } from '../../shared/routing/routes/known'

/** A shop in which a group has a rule of its own. */
export const known = {
  catalogue: shop.catalogue,
  groups: [
    ...shop.groups,
    group('vip', [
      rule('large ones', matching('order.placed', [orderPlaced]), { when: 'event.data.amountCents >= 100000' }),
      orderCancelled,
    ]),
    group('audit', [byRoute(orderCancelled)]),
  ],
}

export const withRules = (...rules: readonly string[]) =>
  ['version: 1', 'rules:', ...rules.map((each) => `  - { ${each} }`)].join('\n')

export const copies = 'name: copies, match: order.placed, copy: [fraud]'
export const large = 'name: large, match: order.placed, when: event.data.amountCents >= 100000, route: [mail]'

/** What the console's door needs to speak of routes, with these rules in effect; empty for no file. */
export function routesOf(text = ''): RoutesParts {
  const ways = declaredWays({ url: 'amqp://unused', namespace: 'test', groups: groupTopologies(known.groups) })
  const set = setOf(text === '' ? withRules().replace('rules:', 'rules: []') : text, known)
  const file = { name: 'r.yaml', hash: set.hash, since: 1_000, text: set.text, mistakes: [] }
  return {
    rules: {
      current: () => set,
      view: () => ({ ...file, state: 'in effect' }),
      check: () => ({ status: 'ok', detail: 'r.yaml' }),
    },
    known,
    explained: { ways, groups: known.groups, routing: new Routing(known.groups), now: Date.now },
    source: '/test/producer',
  }
}

export interface KeptOrder {
  readonly id: string
  /** Beside the fields that it has to have. */
  readonly data?: object
  readonly attributes?: Readonly<Record<string, string>>
  /** In place of the data. */
  readonly instead?: KeptData
}

/** What the journal tells of an order. */
export function keptOrder({ id, data = {}, attributes = {}, instead }: KeptOrder): Content {
  const text = JSON.stringify({ orderId: 'A-1', amountCents: 4_200, ...data })
  return {
    ...{ id, source: '/test', type: 'order.placed' },
    ...{ contentType: 'application/json', attributes, bytes: text.length },
    data: instead ?? { kind: 'kept', text, redacted: [] },
  }
}
