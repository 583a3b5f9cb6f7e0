import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { delayContract, dueIn } from './delay-contract'
import { openRabbitmq } from './open-rabbitmq'
import { envelopeOf, freshGroups, listen } from './transport-fixtures'

const broker = useBroker()

delayContract('RabbitMQ', async (groups) => (await openRabbitmq(broker.url, groups)).transport)

test('the levels are made with the first message that waits, and not before', async () => {
  const namespace = 'lazy'
  const groups = freshGroups()
  const { transport, told } = await openRabbitmq(broker.url, groups.all, { namespace })
  const levels = async () => (await broker.management.queues()).filter(({ name }) => name.startsWith('lazy.delay.'))
  await transport.publish(envelopeOf(groups.event.type), { kind: 'event' })
  expect(await levels()).toHaveLength(0)
  await transport.publish(dueIn(3_600_000, groups.event.type), { kind: 'event' })
  await eventually('all levels stand', async () => (await levels()).length === 29)
  expect(told.recreated).toEqual([])
})

test('a message whose group has vanished while it waited is kept with the unrouted', async () => {
  const namespace = 'gone'
  const groups = freshGroups()
  const { transport } = await openRabbitmq(broker.url, groups.all, { namespace })
  // Which makes the levels: that may take longer than the other has to wait.
  await transport.publish(dueIn(3_600_000, groups.command.type), { kind: 'command' })
  const raw = await connectRaw(broker.url)
  const envelope = dueIn(5_000, groups.command.type)
  await transport.publish(envelope, { kind: 'command' })
  expect(await raw.channel.deleteQueue(`gone.${groups.payments.name}.v1`)).toEqual({ messageCount: 0 })
  const kept = await eventually('the command', () => raw.get('gone.unrouted.v1'))
  expect(kept.properties.messageId).toBe(envelope.id)
})

test('levels that somebody deleted are made again with the next connection of who uses them, loudly', async () => {
  const namespace = 'again'
  const groups = freshGroups()
  const { transport, told } = await openRabbitmq(broker.url, groups.all, { namespace })
  const payments = await listen(transport, groups.payments)
  await transport.publish(dueIn(100, groups.command.type), { kind: 'command' })
  const raw = await connectRaw(broker.url)
  await raw.channel.deleteExchange('again.delay.0.v1')
  // Its exchange is gone, so that the channel dies of it; the message is sent once more on the next.
  const envelope = dueIn(900, groups.command.type)
  expect(await transport.publish(envelope, { kind: 'command' })).toMatchObject({ outcome: 'confirmed' })
  expect(told.recreated).toEqual(['again.delay.0.v1'])
  await eventually('it has come', () => payments.arrived(envelope.id).length === 1)
})

test('a level whose queue was unbound refuses, and takes the next', async () => {
  const namespace = 'unbound'
  const groups = freshGroups()
  const { transport, told } = await openRabbitmq(broker.url, groups.all, { namespace })
  await transport.publish(dueIn(900, groups.command.type), { kind: 'command' })
  const raw = await connectRaw(broker.url)
  await raw.channel.unbindQueue('unbound.delay.0.v1', 'unbound.delay.0.v1', `${'*.'.repeat(28)}1.#`)
  const refused = await transport.publish(dueIn(900, groups.command.type), { kind: 'command' })
  expect(refused).toMatchObject({ outcome: 'not_accepted' })
  expect(told.faults).toEqual(['a delay level is not bound: unbound.delay.0.v1'])
  const taken = await transport.publish(dueIn(900, groups.command.type), { kind: 'command' })
  expect(taken).toMatchObject({ outcome: 'confirmed' })
})

test('why the levels cannot be declared is told once', async () => {
  const groups = freshGroups()
  const { transport, told } = await openRabbitmq(broker.url, groups.all, { namespace: 'foreign' })
  const raw = await connectRaw(broker.url)
  await raw.channel.assertQueue('foreign.delay.3.v1', { durable: true })
  const publish = () => transport.publish(dueIn(3_600_000, groups.command.type), { kind: 'command' })
  for (let times = 0; times < 3; times++) expect((await publish()).detail).toContain('"foreign.delay.3.v1"')
  expect(told.faults).toHaveLength(1)
  expect(told.faults[0]).toMatch(/^the delay levels cannot be declared, .*: queue "foreign\.delay\.3\.v1" in vhost/)
  await raw.channel.deleteQueue('foreign.delay.3.v1')
  expect(await publish()).toMatchObject({ outcome: 'confirmed' })
})

test('what is due later than the levels can hold is refused for good', async () => {
  const groups = freshGroups()
  const { transport } = await openRabbitmq(broker.url, groups.all)
  const result = await transport.publish(dueIn(400 * 86_400_000, groups.command.type), { kind: 'command' })
  expect(result).toMatchObject({ outcome: 'not_accepted', unsendable: true })
})
