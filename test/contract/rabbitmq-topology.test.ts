import { parseAddresses, type Address } from '../../shared/messaging/rabbitmq/address'
import { Declarer } from '../../shared/messaging/rabbitmq/declarer'
import { Link } from '../../shared/messaging/rabbitmq/link'
import { planTopology } from '../../shared/messaging/rabbitmq/topology'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { figureWithin } from '../support/figures'
import { openProxied } from './open-proxied'
import { noTls, openRabbitmq } from './open-rabbitmq'
import { envelopeOf, freshGroups, listen } from './transport-fixtures'

const broker = useBroker()

test('declares what the plan says, and declaring again changes nothing', async () => {
  const groups = freshGroups([500, 5_000, 1_800_000])
  const { told } = await openRabbitmq(broker.url, groups.all)
  await openRabbitmq(broker.url, groups.all)
  const { name } = groups.ledger
  const queues = (await broker.management.queues()).filter((queue) => queue.name.includes(name))
  expect(queues.map((queue) => queue.name).sort()).toEqual(
    ['v1', 'urgent.v1', 'low.v1', 'dead.v1', 'retry.500ms.v1', 'retry.5s.v1', 'retry.30m.v1']
      .map((rest) => `test.${name}.${rest}`)
      .sort(),
  )
  expect(queues.find((queue) => queue.name === `test.${name}.v1`)?.arguments).toEqual({
    'x-queue-type': 'quorum',
    'x-delivery-limit': 20,
    'x-dead-letter-exchange': 'test.requeue.v1',
    'x-dead-letter-routing-key': `test.${name}.dead.v1`,
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
  })
  expect(told.recreated).toEqual([])
})

test('declares exchanges, queues and bindings on the same few channels', async () => {
  const link = await Link.open(parseAddresses(broker.url)[0] as Address, 'declares', noTls)
  atEnd(() => link.close())
  const open = jest.spyOn(link, 'openChannel')
  const declarer = new Declarer(planTopology('test', freshGroups([500, 5_000]).all), { recreated: () => {} })
  await declarer.ensure(link)
  expect(open).toHaveBeenCalledTimes(6)
  for (const opened of await Promise.all(
    open.mock.results.map(({ value }) => value as ReturnType<Link['openChannel']>),
  ))
    expect(opened.isClosed()).toBe(true)
})

test('an event that nobody wants is kept in the queue of the unrouted', async () => {
  const { transport } = await openRabbitmq(broker.url, freshGroups().all)
  const envelope = envelopeOf('nobody.cares')
  expect(await transport.publish(envelope, { kind: 'event' })).toMatchObject({ outcome: 'confirmed' })
  const raw = await connectRaw(broker.url)
  const kept = await eventually('the event', () => raw.get('test.unrouted.v1'))
  expect(kept.properties.messageId).toBe(envelope.id)
})

test('a queue with other arguments stops the start with one sentence that names all there is to know', async () => {
  const groups = freshGroups()
  const raw = await connectRaw(broker.url)
  const queue = `test.${groups.ledger.name}.dead.v1`
  await raw.channel.assertQueue(queue, {
    durable: true,
    arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 5, 'x-overflow': 'reject-publish' },
  })
  const opening = openRabbitmq(broker.url, groups.all)
  await expect(opening).rejects.toMatchObject({
    code: 'TOPOLOGY_MISMATCH',
    message: expect.stringMatching(
      new RegExp(
        `^queue "${queue}" in vhost ".*" has x-delivery-limit "5", but Handoff needs "1000000000"; npx handoff topology plan .*Raise the version of its group`,
      ),
    ) as string,
  })
})

test('a policy of dead-lettering has no say over a queue that has arguments of its own', async () => {
  const groups = freshGroups()
  await openRabbitmq(broker.url, groups.all)
  const raw = await connectRaw(broker.url)
  const queue = `test.${groups.ledger.name}.v1`
  const elsewhere = {
    'dead-letter-exchange': '',
    'dead-letter-routing-key': 'tap',
    'dead-letter-strategy': 'at-most-once',
  }
  await raw.channel.assertQueue('tap', { durable: true, arguments: { 'x-queue-type': 'quorum' } })
  await broker.management.setPolicy('elsewhere', `^test\\.${groups.ledger.name}\\.v1$`, elsewhere)
  await eventually('it is in force', async () => {
    const { policy } = (await broker.management.queue(queue)) as { policy?: string }
    return policy === 'elsewhere'
  })
  await raw.publishRaw('', queue, Buffer.from('{}'), { persistent: true })
  const delivery = await raw.channel.get(queue)
  if (delivery === false) throw new Error('the message is gone')
  raw.channel.reject(delivery, false)
  await eventually('it is a dead letter', () => raw.get(`test.${groups.ledger.name}.dead.v1`))
  expect(await raw.countReady('tap')).toBe(0)
  await broker.management.deletePolicy('elsewhere')
})

test('an exchange of another type stops the start as well', async () => {
  const raw = await connectRaw(broker.url)
  await raw.channel.assertExchange('other.events.v1', 'direct', { durable: true })
  const opening = openRabbitmq(broker.url, freshGroups().all, { namespace: 'other' })
  await expect(opening).rejects.toThrow(/exchange "other\.events\.v1" .* has type "direct", but Handoff needs "topic"/)
})

test('a work queue deleted under its consumer is made again, loudly, and consumed again', async () => {
  const groups = freshGroups()
  const { transport, told } = await openRabbitmq(broker.url, groups.all)
  const ledger = await listen(transport, groups.ledger)
  const raw = await connectRaw(broker.url)
  const queue = `test.${groups.ledger.name}.v1`
  await raw.channel.deleteQueue(queue)
  const deletedAt = performance.now()
  await eventually('it was noticed', () => told.recreated.includes(queue))
  await eventually('it is consumed again', () => transport.status().groups[0]?.attached)
  figureWithin('consumed again after the queue was deleted', deletedAt, 10_000)
  const envelope = envelopeOf(groups.event.type)
  await transport.publish(envelope, { kind: 'event' })
  await eventually('the event has arrived', () => ledger.arrived(envelope.id).length === 1)
})

test('a work queue deleted while the connections were away is made again, loudly, and consumed again', async () => {
  const { proxy, groups, transport, told } = await openProxied(broker.url)
  const ledger = await listen(transport, groups.ledger)
  const queue = `test.${groups.ledger.name}.v1`
  const raw = await connectRaw(broker.url)
  proxy.refuse()
  proxy.cut()
  await eventually('they are away', () => transport.status().links.every(({ state }) => state !== 'ready'))
  await raw.channel.deleteQueue(queue)
  proxy.accept()
  await eventually('it is consumed', () => transport.status().groups.every(({ attached }) => attached))
  await eventually('publishing is possible', () => transport.status().publishing.ok)
  expect(told.recreated).toEqual([queue])
  const envelope = envelopeOf(groups.event.type)
  expect(await transport.publish(envelope, { kind: 'event' })).toMatchObject({ outcome: 'confirmed' })
  await eventually('messages flow', () => ledger.arrived(envelope.id).length === 1)
})
