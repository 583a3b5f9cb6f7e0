import type { Declared, Found, FoundObject } from '../../../shared/messaging/broker-objects'
import { isDifferent, topologyDifference } from '../../../shared/operations/topology-difference'

const exchange = { kind: 'exchange', name: 'ns.hub.v1', facts: { type: 'topic', durable: true } } as const
const queue = {
  kind: 'queue',
  name: 'ns.work.v1',
  facts: { durable: true, 'x-queue-type': 'quorum', 'x-delivery-limit': 20, 'x-overflow': 'reject-publish' },
} as const
const binding = { exchange: exchange.name, destination: queue.name, routingKey: 'thing.made' }
const declared: Declared = { objects: [exchange, queue], bindings: [binding] }
const asDeclared: Found = { objects: [exchange, queue], bindings: [binding], unseen: undefined }

const differenceOf = (found: Partial<Found>) => topologyDifference(declared, { ...asDeclared, ...found })
const withQueue = (change: Partial<FoundObject>) => differenceOf({ objects: [exchange, { ...queue, ...change }] })

test('what stands as declared, in whatever order it is told, is no difference', () => {
  const difference = differenceOf({ objects: [queue, exchange] })
  expect(difference.equal.map(({ name }) => name)).toEqual([exchange.name, queue.name])
  expect(isDifferent(difference)).toBe(false)
})

test('what is missing is named in the order in which it has to be made', () => {
  const difference = differenceOf({ objects: [], bindings: [] })
  expect(difference).toMatchObject({ missing: [exchange, queue], missingBindings: [binding], equal: [], strange: [] })
  expect(isDifferent(difference)).toBe(true)
})

test('what is made on demand is compared where it stands, and not missed where it does not', () => {
  const level = { kind: 'exchange', name: 'ns.level.v1', facts: { type: 'topic' } } as const
  const passes = { exchange: level.name, destination: exchange.name, routingKey: '0.#' }
  const withLevel = { ...declared, onDemand: { objects: [level], bindings: [passes] } }
  expect(isDifferent(topologyDifference(withLevel, asDeclared))).toBe(false)
  const standing = { ...asDeclared, objects: [...asDeclared.objects, level] }
  expect(topologyDifference(withLevel, standing)).toMatchObject({ missing: [], strange: [], missingBindings: [passes] })
  const withTwo = { ...withLevel, onDemand: { objects: [level, { ...level, kind: 'queue' as const }], bindings: [] } }
  expect(topologyDifference(withTwo, standing)).toMatchObject({ missing: [{ kind: 'queue', name: level.name }] })
  const changed = { ...standing, objects: [...asDeclared.objects, { ...level, facts: { type: 'direct' } }] }
  expect(topologyDifference(withLevel, changed).differing).toMatchObject([{ object: level }])
})

test('an exchange and a queue of one name are two things', () => {
  expect(differenceOf({ objects: [exchange, { ...exchange, kind: 'queue' }] })).toMatchObject({
    missing: [queue],
    strange: [{ kind: 'queue', name: exchange.name }],
  })
})

test('each fact that is another, that is gone, or that nobody declared, is told with both values', () => {
  const facts = { durable: true, 'x-queue-type': 'quorum', 'x-delivery-limit': 5, 'x-expires': 1_000 }
  const difference = withQueue({ facts })
  expect(difference.differing).toMatchObject([
    {
      object: queue,
      differences: [
        { fact: 'x-delivery-limit', declared: 20, found: 5 },
        { fact: 'x-overflow', declared: 'reject-publish', found: undefined },
        { fact: 'x-expires', declared: undefined, found: 1_000 },
      ],
    },
  ])
  expect([difference.equal, isDifferent(difference)]).toEqual([[exchange], true])
})

test('a binding more, also one of our exchange to a queue of others, is told', () => {
  const tap = { exchange: exchange.name, destination: 'theirs', routingKey: '#' }
  const difference = differenceOf({ bindings: [tap, binding] })
  expect(difference).toMatchObject({ missingBindings: [], extraBindings: [tap] })
  expect(isDifferent(difference)).toBe(true)
})

test('a binding with arguments is another than the one that is declared without', () => {
  const narrow = { ...binding, arguments: { 'x-match': 'all' } }
  expect(differenceOf({ bindings: [narrow] })).toMatchObject({ missingBindings: [binding], extraBindings: [narrow] })
})

test('bindings that cannot be seen are all to be made, which is no difference', () => {
  const difference = differenceOf({ bindings: undefined, unseen: 'management is away' })
  expect(difference).toMatchObject({ missingBindings: [binding], extraBindings: [], unseen: 'management is away' })
  expect(isDifferent(difference)).toBe(false)
})

test('a policy is told; only one that weakens its queue is a difference', () => {
  const under = (definition: Record<string, unknown>) => withQueue({ policy: { names: ['policy "some"'], definition } })
  const harmless = under({ 'max-length': 10 })
  expect(harmless.policed).toEqual([
    { queue: queue.name, policy: { names: ['policy "some"'], definition: { 'max-length': 10 } }, unsafe: [] },
  ])
  expect(isDifferent(harmless)).toBe(false)
  expect(isDifferent(under({ overflow: 'drop-head' }))).toBe(true)
  expect(under({}).policed).toEqual([])
})
