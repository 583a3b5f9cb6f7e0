/** `Prefer: wait=SECONDS` where rules of the routes file say who gets a message. */
import { byRoute } from '../../../shared/messages/by-route'
import { catalogue } from '../../../shared/messages/catalogue'
import { group, type Group } from '../../../shared/messages/group'
import { groups as ownGroups } from '../../../shared/messages/groups'
import { orderPlaced } from '../../../shared/messages/order-placed'
import { MemoryReplies } from '../../../shared/messaging/memory/memory-replies'
import { readRoutes } from '../../../shared/routing/routes/read-routes'
import { RouteSet } from '../../../shared/routing/routes/route-set'
import { openDoor, type Published } from './door'

const order = { orderId: 'A-1', customerEmail: 'ada@example.com', amountCents: 4200 }
const fraud = group('fraud', [byRoute(orderPlaced)])

function routesOf(does: string, groups: readonly Group[]): RouteSet {
  const text = `version: 1\nrules: [{ name: r, match: order.placed, ${does} }]`
  const read = readRoutes(text, { catalogue, groups })
  if (read.kind === 'mistakes') throw new Error(read.mistakes.map((each) => each.text).join('\n'))
  return new RouteSet(read.rules, text)
}

/** Posts an order with one such rule, while these groups reply at once. */
async function posted(does: string, by: readonly string[], groups: readonly Group[] = [...ownGroups, fraud]) {
  const replies = new MemoryReplies()
  const publish = async ({ envelope: { id, source, extensions } }: Published) => {
    const { replyto = '', replyid: token = '' } = extensions
    const same = { id, source, token, outcome: 'processed', reason: undefined, omitted: undefined } as const
    for (const name of by) await replies.send(replyto, { ...same, group: name, body: Buffer.from(`"${name}"`) })
    return { outcome: 'confirmed', detail: 'confirmed' } as const
  }
  const door = await openDoor({ publish, replies, groups, routes: routesOf(does, groups) })
  const response = await door.post('/messages/order.placed', order, { headers: { prefer: 'wait=60' } })
  const { outcome, results } = response.json<{ outcome: string; results?: object }>()
  return { outcome, results, applied: response.headers['preference-applied'] }
}

test.each<[string, string, readonly string[]]>([
  ['one of those that it is bound for', 'route: [mail]', ['mail']],
  ['one that gets it by rules alone', 'route: [fraud]', ['fraud']],
  ['all that it is bound for and another', 'copy: [fraud]', ['ledger', 'mail', 'fraud']],
  ['those that it is bound for, where the rule is about something else', 'delay: 1', ['ledger', 'mail']],
])('it is waited for %s', async (_what, does, by) => {
  const results = Object.fromEntries(by.map((name) => [name, name]))
  expect(await posted(does, by)).toEqual({ outcome: 'processed', results, applied: 'wait=60' })
})

test('a type that comes to groups by rules alone is waited for where one brings it', async () => {
  const results = { fraud: 'fraud' }
  expect(await posted('copy: [fraud]', ['fraud'], [fraud])).toMatchObject({ outcome: 'processed', results })
})

test.each<[string, string, readonly Group[]]>([
  ['a rule drops', 'drop: true', [...ownGroups, fraud]],
  ['no rule brings to anybody', 'delay: 1', [fraud]],
])('nobody waits for what %s', async (_what, does, groups) => {
  const outcome = does === 'drop: true' ? 'dropped' : 'confirmed'
  expect(await posted(does, [], groups)).toEqual({ outcome, results: undefined, applied: undefined })
})
