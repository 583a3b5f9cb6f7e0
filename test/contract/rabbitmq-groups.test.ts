/** Events that are sent to groups by name: by further routing keys of one publish. */
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import type { GroupTopology, RouteGroups } from '../../shared/messaging/transport'
import { dueIn } from './delay-contract'
import { openRabbitmq } from './open-rabbitmq'
import { ack, envelopeOf, freshGroups, listen } from './transport-fixtures'

const broker = useBroker()

/** Beside two groups that the type is bound for, one that understands it and is not bound for it. */
function withFraud() {
  const groups = freshGroups()
  const route = { ...groups.event, binding: 'none' } as const
  const fraud: GroupTopology = { name: groups.ledger.name.replace('ledger', 'fraud'), routes: [route], delaysMs: [100] }
  const all = [...groups.all, fraud]
  const names = [groups.ledger, groups.mail, fraud].map(({ name }) => name)
  return { ...groups, fraud, all, names }
}

const queueOf = ({ name }: Pick<GroupTopology, 'name'>) => `test.${name}.v1`

test.each([
  ['nobody named', () => undefined, [1, 1, 0, 0]],
  ['one as well', ([, , fraud]: string[]) => ({ also: [fraud] }), [1, 1, 1, 0]],
  ['one as well that it is bound for', ([ledger]: string[]) => ({ also: [ledger] }), [1, 1, 0, 0]],
  ['only one', ([, , fraud]: string[]) => ({ only: [fraud] }), [0, 0, 1, 0]],
  ['only two, one of them twice', ([ledger, , fraud]: string[]) => ({ only: [ledger, fraud, ledger] }), [1, 0, 1, 0]],
  ['a group that there is not', () => ({ only: ['nobody'] }), [0, 0, 0, 1]],
] as const)('with %s, each queue that is meant has the event once', async (_, choose, counts) => {
  const { fraud, all, ledger, mail, names, event } = withFraud()
  const { transport } = await openRabbitmq(broker.url, all)
  const groups = choose(names) as RouteGroups | undefined
  const raw = await connectRaw(broker.url)
  await raw.getAll('test.unrouted.v1')
  const envelope = envelopeOf(event.type)
  const result = await transport.publish(envelope, { kind: 'event', ...(groups && { groups }) })
  expect(result).toMatchObject({ outcome: 'confirmed' })
  const queues = [ledger, mail, fraud].map(queueOf)
  const found = await Promise.all([...queues, 'test.unrouted.v1'].map((queue) => raw.getAll(queue)))
  expect(found.map(({ length }) => length)).toEqual(counts)
  for (const { properties } of found.flat()) {
    expect(properties).toMatchObject({ type: event.type, messageId: envelope.id })
    expect(Object.keys(properties.headers ?? {}).filter((name) => /^B?CC$/.test(name))).toEqual([])
  }
})

test('a group that nothing is bound for tells the type, tries again alone, and parks what it got', async () => {
  const { all, fraud, mail, names, event } = withFraud()
  const { transport } = await openRabbitmq(broker.url, all)
  const inMail = await listen(transport, mail)
  const failure = { reason: 'failed', errorClass: 'Error', message: 'no', stack: undefined } as const
  const inFraud = await listen(transport, fraud, ({ attempt }) =>
    attempt === 1 ? { kind: 'retry', afterMs: 100, failure } : { kind: 'reject', failure },
  )
  const envelope = envelopeOf(event.type)
  const only = names.slice(1)
  await transport.publish(envelope, { kind: 'event', groups: { only } })
  const raw = await connectRaw(broker.url)
  const parked = await eventually('it is parked', () => raw.get(`test.${fraud.name}.dead.v1`))
  expect(parked.properties).toMatchObject({ type: event.type, messageId: envelope.id })
  expect(parked.properties.headers).not.toHaveProperty('CC')
  expect(inFraud.arrived(envelope.id).map(({ content }) => content)).toEqual([
    { kind: 'message', envelope },
    { kind: 'message', envelope },
  ])
  expect(inMail.arrived(envelope.id)).toHaveLength(1)
})

test('what waits comes to the groups that are named, to each once', async () => {
  const { fraud, all, ledger, mail, names, event } = withFraud()
  const { transport } = await openRabbitmq(broker.url, all)
  const inEach = await Promise.all([ledger, mail, fraud].map((group) => listen(transport, group)))
  const also = dueIn(1_200, event.type)
  const only = dueIn(1_200, event.type)
  await transport.publish(also, { kind: 'event', groups: { also: names.slice(2) } })
  await transport.publish(only, { kind: 'event', groups: { only: [names[0] as string, names[2] as string] } })
  const arrived = (id: string) => inEach.map((heard) => heard.arrived(id).length)
  await eventually('all have come', () => [...arrived(also.id), ...arrived(only.id)].join() === '1,1,1,1,0,1')
})

test('where one of the named queues refuses, the outcome is unknown, as of any event', async () => {
  const { all, names, event } = withFraud()
  const { transport } = await openRabbitmq(broker.url, all)
  await broker.management.setPolicy('full', `^test\\.fraud-.*[0-9a-f]\\.v1$`, { 'max-length': 1 })
  const publish = () => transport.publish(envelopeOf(event.type), { kind: 'event', groups: { also: names.slice(2) } })
  const refused = await eventually('it is refused', async () => {
    const result = await publish()
    return result.outcome === 'confirmed' ? undefined : result
  })
  expect(refused).toMatchObject({ outcome: 'unknown', refused: true })
  await broker.management.deletePolicy('full')
})

test('without an alternate exchange, what no named queue takes comes back and is told', async () => {
  const { all, event, names } = withFraud()
  const { transport, told } = await openRabbitmq(broker.url, all)
  await broker.management.deleteExchange('test.unrouted.v1')
  const [wrong, right] = await Promise.all([
    transport.publish(envelopeOf(event.type, { id: 'same' }), { kind: 'event', groups: { only: ['nobody', 'noone'] } }),
    transport.publish(envelopeOf(event.type, { id: 'same' }), { kind: 'event', groups: { only: names.slice(2) } }),
  ])
  expect({ wrong: wrong.outcome, right: right.outcome }).toEqual({ wrong: 'unroutable', right: 'confirmed' })
  await eventually('it is told', () => told.unroutable.includes(event.type))
})

test('a subscriber sees what was sent to its group alone', async () => {
  const { all, ledger, names, event } = withFraud()
  const { transport } = await openRabbitmq(broker.url, all)
  const { deliveries } = await listen(transport, ledger, () => ack)
  const envelopes = Array.from({ length: 20 }, () => envelopeOf(event.type))
  await Promise.all(
    envelopes.map((each, at) =>
      transport.publish(each, { kind: 'event', groups: { only: [names[at % 2 === 0 ? 0 : 2] as string] } }),
    ),
  )
  await eventually('half of them came', () => deliveries.length === 10)
})
