import { byRoute } from '../../../../shared/messages/by-route'
import { group } from '../../../../shared/messages/group'
import { command } from '../../../../shared/messages/message'
import { readRoutes } from '../../../../shared/routing/routes/read-routes'
import { RouteSet } from '../../../../shared/routing/routes/route-set'
import type { Known } from '../../../../shared/routing/routes/rule-of'
import { orderCancelled, orderPlaced } from '../shop'

const capture = command('payment.capture', orderPlaced.schema)

/** What the rules of these tests are held against. */
export const known: Known = {
  catalogue: [orderPlaced, orderCancelled, capture],
  groups: [
    group('ledger', [orderPlaced, orderCancelled]),
    group('mail', [orderPlaced]),
    group('fraud', [byRoute(orderPlaced)]),
    group('payments', [capture]),
  ],
}

/** Throws with the mistakes. */
export function routesOf(text: string, facts = known): RouteSet {
  const read = readRoutes(text, facts)
  if (read.kind === 'mistakes')
    throw new Error(read.mistakes.map(({ line, text: what }) => `${line}: ${what}`).join('\n'))
  return new RouteSet(read.rules, text)
}
