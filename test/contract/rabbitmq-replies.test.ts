/** Replies by RabbitMQ: the queue they come to, lost connections, what others put there. */
import { openBrokerObjects } from '../../shared/messaging/open-broker-objects'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { runningBroker } from '../support/brokers/running-brokers'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { openProxied } from './open-proxied'
import { noTls, openRabbitmq } from './open-rabbitmq'
import { addressOf, listening, repliesContract, replyOf } from './replies-contract'
import { envelopeOf, freshGroups, listen } from './transport-fixtures'

const broker = useBroker()

const line = async () => (await openRabbitmq(broker.url, freshGroups().all)).transport.replies

repliesContract('RabbitMQ', async () => [await line(), await line()])

const queuesOf = async (address: string) => (await broker.management.queues()).filter(({ name }) => name === address)

test('the queue is bounded, nobody else may have it, and it goes with the process', async () => {
  const { transport } = await openRabbitmq(broker.url, freshGroups().all)
  const { address } = await listening(transport.replies)
  expect(address).toMatch(/^test\.replies\.[0-9a-f-]{36}\.v1$/)
  expect((await queuesOf(address))[0]?.arguments).toEqual({
    'x-queue-type': 'classic',
    'x-max-length': 10_000,
    'x-max-length-bytes': 67_108_864,
  })
  await transport.close()
  await eventually('it is gone', async () => (await queuesOf(address)).length === 0)
  expect(await transport.replies.address()).toBeUndefined()
  expect(await transport.replies.send(address, replyOf())).toBe('dropped')
})

test('who compares what stands with what is declared sees the exchange, and no queue of a process', async () => {
  const groups = freshGroups().all
  const { transport } = await openRabbitmq(broker.url, groups)
  const { address } = await listening(transport.replies)
  const { managementUrl } = runningBroker()
  const own = { url: broker.url, managementUrl, namespace: 'test', groups, name: 'test', tls: noTls }
  const objects = await openBrokerObjects(own)
  atEnd(() => objects.close())
  await eventually('management tells of it', async () => (await queuesOf(address)).length > 0)
  const { objects: found, bindings = [] } = await objects.look()
  expect(found.map(({ name }) => name)).toContain('test.replies.v1')
  const ofReplies = (name: string) => /^test\.replies\.(?!v1$)/.test(name)
  expect(found.filter(({ name }) => ofReplies(name))).toEqual([])
  expect(bindings.filter(({ destination }) => ofReplies(destination))).toEqual([])
})

test('a message carries the address where AMQP has it, and the consumer reads it', async () => {
  const groups = freshGroups()
  const { transport } = await openRabbitmq(broker.url, groups.all)
  const envelope = envelopeOf(groups.command.type, { extensions: { replyto: 'somewhere', replyid: 'word' } })
  await transport.publish(envelope, { kind: 'command' })
  const raw = await connectRaw(broker.url)
  const message = await eventually('it is in its queue', () => raw.get(`test.${groups.payments.name}.v1`))
  expect(message.properties.replyTo).toBe('somewhere')
  await transport.publish(envelope, { kind: 'command' })
  const payments = await listen(transport, groups.payments)
  await eventually('it has arrived', () => payments.arrived(envelope.id).length > 0)
  expect(payments.deliveries[0]).toMatchObject({ content: { envelope } })
})

test('an address that the broker minds stays out of the property, and costs nobody the channel', async () => {
  const groups = freshGroups()
  const { transport, told } = await openRabbitmq(broker.url, groups.all)
  const envelope = envelopeOf(groups.command.type, { extensions: { replyto: 'amq.rabbitmq.reply-to' } })
  expect(await transport.publish(envelope, { kind: 'command' })).toMatchObject({ outcome: 'confirmed' })
  expect(told.faults).toEqual([])
})

test('after a cut there is another address, and what was sent to the earlier one has found nobody', async () => {
  const { proxy, transport } = await openProxied(broker.url)
  const { address: before, heard } = await listening(transport.replies)
  proxy.cut()
  await eventually('the loss was noticed', async () => (await transport.replies.address()) !== before)
  const after = await addressOf(transport.replies)
  expect(after).not.toBe(before)
  const other = await line()
  const reply = replyOf()
  expect(await other.send(after, reply)).toBe('sent')
  await eventually('it was heard', () => heard.length > 0)
  await eventually('the first one is gone', async () => (await other.send(before, replyOf())) === 'unroutable')
  expect(heard).toEqual([reply])
})

test('while the broker is away there is no address, and a reply is dropped', async () => {
  const { proxy, transport } = await openProxied(broker.url)
  await addressOf(transport.replies)
  await transport.replies.send('nobody', replyOf())
  proxy.refuse()
  proxy.cut()
  await eventually('the loss was noticed', async () => (await transport.replies.address()) === undefined)
  expect(await transport.replies.send('nobody', replyOf())).toBe('dropped')
})

test('the exchange that somebody deleted is made again', async () => {
  const { transport, told } = await openRabbitmq(broker.url, freshGroups().all, { namespace: 'without' })
  const raw = await connectRaw(broker.url)
  await raw.channel.deleteExchange('without.replies.v1')
  const { address, heard } = await listening(transport.replies)
  expect(told.recreated).toEqual(['without.replies.v1'])
  await eventually('a reply is sent', async () => (await transport.replies.send(address, replyOf())) === 'sent')
  await eventually('it was heard', () => heard.length > 0)
})

test('what is no reply does no harm', async () => {
  const { transport } = await openRabbitmq(broker.url, freshGroups().all)
  const { address, heard } = await listening(transport.replies)
  const raw = await connectRaw(broker.url)
  raw.channel.publish('test.replies.v1', address, Buffer.from('x'))
  raw.channel.publish('test.replies.v1', address, Buffer.from('x'), {
    correlationId: 'm',
    headers: { 'handoff-source': 1, 'handoff-reply-id': {}, 'handoff-group': 'g', 'handoff-outcome': 'great' },
  })
  const reply = replyOf()
  await transport.replies.send(address, reply)
  await eventually('the reply was heard', () => heard.length > 0)
  expect(heard).toEqual([reply])
})
