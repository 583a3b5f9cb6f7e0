import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { figureWithin } from '../support/figures'
import { openRabbitmq } from './open-rabbitmq'
import { envelopeOf, freshGroups, listen } from './transport-fixtures'

const broker = useBroker()

test('declares what the plan says, and declaring again changes nothing', async () => {
  const groups = freshGroups([500, 5_000, 1_800_000])
  const { told } = await openRabbitmq(broker.url, groups.all)
  await openRabbitmq(broker.url, groups.all)
  const { name } = groups.ledger
  const queues = (await broker.management.queues()).filter((queue) => queue.name.includes(name))
  expect(queues.map((queue) => queue.name).sort()).toEqual(
    ['v1', 'dead.v1', 'retry.500ms.v1', 'retry.5s.v1', 'retry.30m.v1'].map((rest) => `test.${name}.${rest}`).sort(),
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
        `^queue "${queue}" in vhost ".*" has x-delivery-limit "5", but Handoff needs "1000000000"; empty and delete`,
      ),
    ) as string,
  })
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
