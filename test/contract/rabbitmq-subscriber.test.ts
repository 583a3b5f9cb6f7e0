/** Parts of the RabbitMQ adapter at the edge of what a broker does, without the waits that keep them away from it. */
import { parseAddresses, type Address } from '../../shared/messaging/rabbitmq/address'
import { Link } from '../../shared/messaging/rabbitmq/link'
import { Publisher } from '../../shared/messaging/rabbitmq/publisher'
import { Settler } from '../../shared/messaging/rabbitmq/settler'
import { Subscriber } from '../../shared/messaging/rabbitmq/subscriber'
import { namesOf } from '../../shared/messaging/rabbitmq/names'
import type { Delivery } from '../../shared/messaging/transport'
import { armFailpoints } from '../../shared/runtime/failpoints'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { proxiedBroker } from '../support/proxied-broker'
import { noTls, openRabbitmq } from './open-rabbitmq'
import { ack, envelopeOf, failure, freshGroups, idOf, listen } from './transport-fixtures'

const broker = useBroker()
const names = namesOf('test')

async function openLink(url = broker.url): Promise<Link> {
  const link = await Link.open(parseAddresses(url)[0] as Address, 'test', noTls)
  atEnd(() => link.close())
  return link
}

const notSent = () => Promise.resolve({ outcome: 'not_accepted', detail: 'nothing waits here' } as const)

function subscriberOf(
  group: ReturnType<typeof freshGroups>['ledger'],
  declare: () => Promise<void>,
  { SettlerClass = Settler, fault = (_: string) => {} } = {},
): Subscriber {
  const events = { fault, staleSettle: () => {} }
  const publisher = new Publisher(declare)
  return new Subscriber({
    group,
    queue: names.work(group),
    limits: { prefetch: 1, concurrency: 1 },
    onDelivery: () => Promise.resolve(ack),
    settler: new SettlerClass({ names, publisher, sendLater: notSent, repair: declare, events, random: Math.random }),
    declare,
    afterCancelMs: 0,
    events,
  })
}

test('a queue is declared again only when it is gone, however soon after its deletion the consumer is back', async () => {
  const { ledger } = freshGroups()
  const [declaring, deleting] = [await connectRaw(broker.url), await connectRaw(broker.url)]
  const looks: ('there' | 'gone')[] = []
  const queue = names.work(ledger)
  const declare = async () => {
    const there = (await broker.management.queues()).some(({ name }) => name === queue)
    looks.push(there ? 'there' : 'gone')
    await declaring.channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } })
  }
  await declare()
  const subscriber = subscriberOf(ledger, declare)
  let link = await openLink()
  let { closed } = await subscriber.open(link)
  for (let deletions = 1; deletions <= 40; deletions++) {
    const deleted = deleting.channel.deleteQueue(queue)
    await closed
    // The broker may end the whole connection when asked too soon.
    await eventually('the consumer is back', async () => {
      if (link.lostReason !== undefined) link = await openLink()
      closed = (await subscriber.open(link)).closed
      return true
    })
    await deleted
  }
  expect(looks).toEqual(Array.from({ length: 41 }, () => 'gone'))
})

test('a delivery that came back often and cannot be put in its own place goes back, and the process lives', async () => {
  const { ledger } = freshGroups()
  const raw = await connectRaw(broker.url)
  const queue = names.work(ledger)
  await raw.channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } })
  const faults: string[] = []
  class Failing extends Settler {
    override renew = (): Promise<void> => Promise.reject(new Error('no copy can be made'))
  }
  const fault = (what: string) => void faults.push(what)
  const subscriber = subscriberOf(ledger, () => Promise.resolve(), { SettlerClass: Failing, fault })
  await subscriber.open(await openLink())
  atEnd(() => subscriber.close(0))
  await raw.publishRaw('', queue, Buffer.from('1'), { messageId: 'm', headers: { 'x-delivery-count': 10 } })
  await eventually(
    'it was told, and is done with',
    async () => (await raw.countReady(queue)) === 0 && faults.length > 0,
  )
  expect(new Set(faults)).toEqual(new Set([`group ${ledger.name}: a delivery could not be handled`]))
})

test('a broker that is slow to say goodbye to a channel does not lose its connection', async () => {
  const { proxy, url } = await proxiedBroker(broker.url)
  const link = await openLink(url)
  const channel = await link.openChannel()
  proxy.swallow()
  await channel.close()
  proxy.resume()
  await (await link.openChannel()).close()
  expect(link.lostReason).toBeUndefined()
})

test('a delivery that waits behind another while cut follows cut is not parked by the limit of the broker', async () => {
  const { proxy, url } = await proxiedBroker(broker.url)
  const { payments, command } = freshGroups()
  const { transport, told } = await openRabbitmq(url, [payments])
  const losses = () => told.links.filter(({ name, state }) => name === 'test-consume' && state === 'down').length
  const held = envelopeOf(command.type)
  const waiting = envelopeOf(command.type)
  for (const envelope of [held, waiting])
    expect(await transport.publish(envelope, { kind: 'command' })).toMatchObject({ outcome: 'confirmed' })
  const seen: Delivery[] = []
  let isSteady = false
  let leave = () => {}
  await transport.subscribe(payments, { prefetch: 10, concurrency: 1 }, async (delivery) => {
    seen.push(delivery)
    if (!isSteady) await new Promise<void>((resolve) => (leave = resolve))
    return ack
  })
  for (let cuts = 1; cuts <= 25; cuts++) {
    await eventually(`delivery ${cuts} is in work`, () => seen.length >= cuts)
    proxy.cut()
    await eventually(`loss ${cuts} is noticed`, () => losses() >= cuts)
    leave()
  }
  isSteady = true
  leave()
  const raw = await connectRaw(broker.url)
  // An empty queue alone would prove nothing: both may be in the consumer's hands, and one of them not begun.
  const wereHandled = () => [held.id, waiting.id].every((id) => seen.some((each) => idOf(each) === id))
  const isEmpty = async () => (await raw.countReady(names.work(payments))) === 0
  await eventually('both have come to their end', async () => wereHandled() && (await isEmpty()))
  expect(await raw.countReady(names.dead(payments))).toBe(0)
})

test('after a fault while a delivery is received, all messages are handled on the same connection', async () => {
  const { payments, command } = freshGroups()
  const { transport, told } = await openRabbitmq(broker.url, [payments])
  const envelopes = Array.from({ length: 30 }, () => envelopeOf(command.type))
  for (const envelope of envelopes) await transport.publish(envelope, { kind: 'command' })
  armFailpoints('delivery.received=throw')
  atEnd(() => armFailpoints(undefined))
  const seen = new Set<string | undefined>()
  await transport.subscribe(payments, { prefetch: 10, concurrency: 1 }, (delivery) => {
    seen.add(idOf(delivery))
    return Promise.resolve(ack)
  })
  await eventually('all were handled', () => seen.size === envelopes.length)
  expect(told.faults).toEqual([
    `group ${payments.name} lost its channel: fault in a listener: failpoint delivery.received`,
  ])
  expect(told.links.filter(({ state }) => state === 'down')).toEqual([])
})

test('what is held of a lane holds up the lane alone, and is told with its name', async () => {
  const { payments, command } = freshGroups()
  const { transport } = await openRabbitmq(broker.url, [payments])
  const dead = names.dead(payments)
  await broker.management.setPolicy('full-of-urgent', `^${dead.replaceAll('.', '\\.')}$`, { 'max-length': 1 })
  const limits = { prefetch: 10, concurrency: 1 }
  const handled: (string | undefined)[] = []
  const subscription = await transport.subscribe(payments, limits, (delivery) => {
    if (delivery.urgency === 'urgent') return Promise.resolve({ kind: 'reject', failure })
    handled.push(idOf(delivery))
    return Promise.resolve(ack)
  })
  atEnd(() => subscription.close(0))
  const send = async (extensions = {}) => {
    const envelope = envelopeOf(command.type, { extensions })
    expect(await transport.publish(envelope, { kind: 'command' })).toMatchObject({ outcome: 'confirmed' })
    return envelope.id
  }
  const sendUrgent = () => send({ priority: '9' })
  const status = () => transport.status().groups[0]
  const raw = await connectRaw(broker.url)
  // A limit is soft: somewhat more is taken than it says.
  for (let sent = 1; status()?.flow === 'free'; sent++) {
    await sendUrgent()
    const isParked = async () => (await raw.countReady(dead)) === sent
    await eventually('it is parked or held', async () => status()?.flow !== 'free' || isParked())
  }
  const toldOf = (count: number) => new RegExp(`^urgent: ${count} held, ${dead} does not take its copy: refused by`)
  expect(status()).toMatchObject({ flow: 'held up', detail: expect.stringMatching(toldOf(1)) as string })
  await sendUrgent()
  await eventually('both places of the lane are taken', () => status()?.flow === 'stopped')
  expect(status()?.detail).toMatch(toldOf(2))
  const normal = await send()
  await eventually('what is normal is handled', () => handled.includes(normal))
})

test('a lane whose queue is deleted is told with its name, made again and consumed again', async () => {
  const { payments, command } = freshGroups()
  const { transport, told } = await openRabbitmq(broker.url, [payments])
  const { arrived } = await listen(transport, payments)
  const queue = names.lane(payments, 'low')
  const raw = await connectRaw(broker.url)
  await raw.channel.deleteQueue(queue)
  await eventually('it was made again', () => told.recreated.includes(queue))
  await eventually('it is consumed again', () => transport.status().groups[0]?.attached)
  expect(told.faults).toContain(
    `group ${payments.name}, low lost its channel: the broker cancelled the consumer of ${queue}`,
  )
  const envelope = envelopeOf(command.type, { extensions: { priority: '0' } })
  await transport.publish(envelope, { kind: 'command' })
  await eventually('what is low arrives', () => arrived(envelope.id).length === 1)
})

test('a retry whose way back into its lane is gone is kept with the unrouted, and goes on when it is put back', async () => {
  const namespace = 'wayless'
  const { payments, command } = freshGroups()
  const { transport } = await openRabbitmq(broker.url, [payments], { namespace })
  const { deliveries, arrived } = await listen(transport, payments, ({ attempt }) =>
    attempt === 1 ? { kind: 'retry', afterMs: 100, failure } : ack,
  )
  const wayless = namesOf(namespace)
  const queue = wayless.lane(payments, 'urgent')
  const bindings = await broker.management.bindings()
  const ways = bindings.filter(({ source, destination }) => source === wayless.due && destination === queue)
  for (const way of ways) await broker.management.deleteBinding(way)
  const envelope = envelopeOf(command.type, { extensions: { priority: '9' } })
  await transport.publish(envelope, { kind: 'command' })
  const raw = await connectRaw(broker.url)
  const { content, properties } = await eventually('the retry is kept', () => raw.get(wayless.unrouted))
  expect(properties.messageId).toBe(envelope.id)
  expect(arrived(envelope.id)).toHaveLength(1)
  await raw.publishRaw(wayless.requeue, queue, content, properties)
  await eventually('the second attempt', () => arrived(envelope.id).length === 2)
  expect(deliveries.at(-1)).toMatchObject({ attempt: 2, urgency: 'urgent' })
})
