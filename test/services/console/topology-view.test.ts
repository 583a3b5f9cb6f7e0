import type { Found } from '../../../shared/messaging/broker-objects'
import { keyRoute } from '../../../services/console/topology/key-route'
import { topologyView } from '../../../services/console/topology/topology-view'
import { nothingRecorded } from './door'
import { declared, exchange, known, queue, seenAs, standing } from './topology-fixtures'

const viewOf = (found: Partial<Found> = {}) => topologyView(seenAs({ ...standing, ...found }), known, nothingRecorded)
const node = (view: ReturnType<typeof viewOf>, id: string) => view.nodes.find((each) => each.id === id)
const edges = (view: ReturnType<typeof viewOf>, kind: string) =>
  view.edges.filter((each) => each.kind === kind).map(({ from, to, state }) => `${from} > ${to}: ${state}`)

test('what is as declared is called so, with roles, figures and ways', () => {
  const view = viewOf()
  expect(view).toMatchObject({ seenBy: 'management', summary: { state: 'as declared', equal: 11, missing: 0 } })
  const roles = view.nodes.map(({ id, role, group }) => `${id}: ${role} ${group ?? ''}`.trim())
  expect(roles).toEqual(
    expect.arrayContaining([
      'service producer: producer',
      'exchange ns.events.v1: publish',
      'exchange ns.requeue.v1: wait',
      'exchange ns.unrouted.v1: unrouted',
      'exchange ns.journal.v1: journal',
      'queue ns.mail.v1: work mail',
      'queue ns.mail.urgent.v1: lane mail',
      'queue ns.mail.retry.5s.v1: retry mail',
      'queue ns.mail.dead.v1: dead mail',
      'queue ns.journal.v1: journal',
      'group mail: consumer mail',
    ]),
  )
  expect(node(view, 'queue ns.mail.v1')).toMatchObject({
    state: 'there',
    attended: 'by a consumer',
    figures: { messages: 3, ready: 2, inHand: 1, consumers: 1 },
  })
  expect(edges(view, 'alternate')).toEqual(['exchange ns.events.v1 > exchange ns.unrouted.v1: there'])
  expect(edges(view, 'retry')).toEqual(['queue ns.mail.retry.5s.v1 > exchange ns.requeue.v1: there'])
  expect(edges(view, 'dead letter')).toHaveLength(2)
  expect(edges(view, 'requeue')).toHaveLength(2)
  expect(edges(view, 'consumes')).toContain('queue ns.mail.v1 > group mail: there')
  expect(new Set(view.edges.map(({ id }) => id)).size).toBe(view.edges.length)
})

test('nobody consumes: said of the queue and of its group, and of none that nobody has to consume', () => {
  const view = viewOf({ objects: standing.objects.map((each) => ({ ...each, consumers: 0 })) })
  const idle = view.nodes.filter(({ attended }) => attended === 'by nobody').map(({ id }) => id)
  expect(idle).toEqual(['queue ns.mail.urgent.v1', 'queue ns.mail.v1', 'group mail'])
})

test('what is missing, differs, or was declared by nobody is marked, and counted as the plan counts', () => {
  const objects = standing.objects
    .filter(({ name }) => name !== 'ns.mail.dead.v1')
    .map((each) =>
      each.name === 'ns.mail.retry.5s.v1' ? { ...each, facts: { ...each.facts, 'x-message-ttl': 1 } } : each,
    )
  const bindings = [
    ...standing.bindings.slice(1),
    { exchange: 'ns.events.v1', destination: 'tap', routingKey: '#', arguments: { 'x-a': 1 } },
  ]
  const view = viewOf({ objects: [...objects, queue('ns.mail.old.v1')], bindings })
  expect(view.summary).toMatchObject({ state: 'different', missing: 1, differing: 1, extra: 1 })
  expect(view.summary).toMatchObject({ missingBindings: 1, extraBindings: 1, unsafe: 0 })
  expect(node(view, 'queue ns.mail.dead.v1')).toMatchObject({ state: 'missing', role: 'dead', figures: {} })
  expect(node(view, 'queue ns.mail.old.v1')).toMatchObject({ state: 'extra', group: 'mail' })
  expect(node(view, 'queue tap')).toMatchObject({ state: 'outside', facts: {} })
  expect(node(view, 'queue ns.mail.retry.5s.v1')?.differences).toEqual([
    { fact: 'x-message-ttl', declared: 5_000, found: 1 },
  ])
  expect(edges(view, 'binding')).toEqual(
    expect.arrayContaining([
      'exchange ns.events.v1 > queue ns.mail.v1: missing',
      'exchange ns.events.v1 > queue tap: extra',
    ]),
  )
})

test('an unsafe policy is told with its harm', () => {
  const policy = { names: ['policy "limits"'], definition: { 'max-length': 9, overflow: 'drop-head' } }
  const objects = standing.objects.map((each) => (each.name === 'ns.mail.dead.v1' ? { ...each, policy } : each))
  const view = viewOf({ objects })
  expect(view.summary).toMatchObject({ state: 'different', unsafe: 1 })
  expect(node(view, 'queue ns.mail.dead.v1')?.policy).toMatchObject({
    names: policy.names,
    unsafe: [{ key: 'overflow' }, { key: 'max-length' }],
  })
})

test('without management bindings are unseen, not missing', () => {
  const view = viewOf({ bindings: undefined, unseen: 'it is off', objects: declared.objects })
  expect(view).toMatchObject({
    seenBy: 'amqp',
    unseen: 'it is off',
    summary: { state: 'as declared', missingBindings: 0 },
  })
  expect(edges(view, 'binding')).toContain('exchange ns.events.v1 > queue ns.mail.v1: unseen')
  expect(node(view, 'queue ns.mail.v1')?.attended).toBeUndefined()
})

test.each([
  ['ns.events.v1', 'order.placed', ['ns.mail.v1'], [], undefined],
  ['ns.events.v1', 'order', ['ns.unrouted.v1'], ['ns.unrouted.v1'], undefined],
  ['ns.requeue.v1', 'ns.mail.dead.v1', ['ns.mail.dead.v1'], [], undefined],
  ['ns.commands.v1', 'order.placed', [], [], 'no binding'],
  ['nowhere', 'order.placed', [], [], 'no such exchange'],
  ['', 'ns.mail.v1', ['ns.mail.v1'], [], undefined],
  ['', 'nobody', [], [], 'no binding'],
])('from "%s" the key %s leads to %j', (from, key, queues, alternates, lost) => {
  const route = keyRoute(viewOf(), from, key)
  expect(route.queues.map(({ name }) => name)).toEqual(queues)
  expect(route.alternates).toEqual(alternates)
  expect(route.lost).toBe(lost)
})

test('a missing binding leads nowhere; one from exchange to exchange is followed, in a circle too; headers cannot be told', () => {
  const without = { bindings: standing.bindings.slice(1) }
  expect(keyRoute(viewOf(without), 'ns.events.v1', 'order.placed').queues).toMatchObject([{ name: 'ns.unrouted.v1' }])
  const link = (from: string, destination: string) =>
    ({ exchange: from, destination, destinationKind: 'exchange', routingKey: '#' }) as const
  const bindings = [
    ...standing.bindings,
    link('ns.commands.v1', 'ns.events.v1'),
    link('ns.events.v1', 'ns.commands.v1'),
    link('ns.events.v1', 'ns.headers'),
  ]
  const view = viewOf({ bindings, objects: [...standing.objects, exchange('ns.headers', 'headers')] })
  expect(keyRoute(view, 'ns.commands.v1', 'order.placed')).toMatchObject({
    by: 'what stands',
    through: ['ns.commands.v1', 'ns.events.v1', 'ns.headers'],
    queues: [{ name: 'ns.mail.v1', group: 'mail', role: 'work' }],
    untold: ['ns.headers'],
  })
})
