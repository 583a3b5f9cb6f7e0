/** Lost connections, one at a time: what is told, what comes back, what is settled where. */
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { proxiedBroker } from '../support/proxied-broker'
import type { TcpProxy } from '../support/tcp-proxy'
import { openProxied } from './open-proxied'
import { openRabbitmq } from './open-rabbitmq'
import { ack, envelopeOf, freshGroups, listen } from './transport-fixtures'

const broker = useBroker()

const cutAndComeBack = async (proxy: TcpProxy, ready: () => boolean) => {
  proxy.cut()
  await eventually('the loss was noticed', () => !ready())
  await eventually('it is back', ready)
}

test('a publish in flight when the connection is cut is sent again with the same id, and confirmed', async () => {
  const { proxy, groups, transport } = await openProxied(broker.url)
  const ledger = await listen(transport, groups.ledger)
  proxy.swallow()
  const envelope = envelopeOf(groups.event.type)
  const publishing = transport.publish(envelope, { kind: 'event' })
  proxy.resume()
  proxy.cut()
  expect(await publishing).toMatchObject({ outcome: 'confirmed' })
  await eventually('it has arrived', () => ledger.arrived(envelope.id).length >= 1)
})

test('consumption comes back after a cut, and what was in work is settled nowhere but on its own channel', async () => {
  const { proxy, groups, transport, told } = await openProxied(broker.url)
  const gate = Promise.withResolvers<void>()
  const ledger = await listen(transport, groups.ledger, async ({ attempt }) => {
    if (attempt === 1) await gate.promise
    return ack
  })
  const held = envelopeOf(groups.event.type)
  await transport.publish(held, { kind: 'event' })
  await eventually('it is in work', () => ledger.arrived(held.id).length === 1)
  const attached = () => transport.status().groups[0]?.attached === true && transport.status().publishing.ok
  await cutAndComeBack(proxy, attached)
  await eventually('it was redelivered', () => ledger.arrived(held.id).length === 2)
  gate.resolve()
  await eventually('the stale ack was counted', () => told.stale.length === 1)
  const after = envelopeOf(groups.event.type)
  await transport.publish(after, { kind: 'event' })
  await eventually('messages flow', () => ledger.arrived(after.id).length === 1)
  expect(ledger.arrived(held.id).map(({ attempt }) => attempt)).toEqual([1, 2])
})

test('the broker closing the connections, as in a restart, is noticed though it sends no error', async () => {
  const groups = freshGroups()
  const { transport, told } = await openRabbitmq(broker.url, groups.all)
  const ledger = await listen(transport, groups.ledger)
  await eventually('both connections were closed', async () => (await broker.management.closeConnections()) >= 2)
  await eventually('both came back', () => told.reconnected.length >= 2)
  const envelope = envelopeOf(groups.event.type)
  await eventually('a publish is confirmed', async () => {
    const { outcome } = await transport.publish(envelope, { kind: 'event' })
    return outcome === 'confirmed'
  })
  await eventually('it has arrived', () => ledger.arrived(envelope.id).length >= 1)
})

test('the first host of the list that answers is taken', async () => {
  const { proxy, url } = await proxiedBroker(broker.url)
  proxy.refuse()
  const groups = freshGroups()
  const { transport } = await openRabbitmq(`${url},${broker.url}`, groups.all)
  await eventually('it is connected', () => transport.status().publishing.ok)
})

test('without a broker it opens all the same, says that it is not ready, and closes', async () => {
  const { proxy, url } = await proxiedBroker(broker.url)
  proxy.refuse()
  const groups = freshGroups()
  const { transport } = await openRabbitmq(url, groups.all)
  const subscription = await transport.subscribe(groups.ledger, { prefetch: 1, concurrency: 1 }, () =>
    Promise.resolve(ack),
  )
  expect(transport.status()).toMatchObject({ publishing: { ok: false }, groups: [{ attached: false }] })
  proxy.accept()
  await eventually('it is attached', () => transport.status().groups[0]?.attached)
  proxy.refuse()
  proxy.cut()
  await subscription.close(100)
  await transport.close()
})

test('a host that was lost is not asked again before the others', async () => {
  const [first, second] = [await proxiedBroker(broker.url), await proxiedBroker(broker.url)]
  const { transport, told } = await openRabbitmq(`${first.url},${second.url}`, freshGroups().all)
  const readyAt = () =>
    told.links.filter(({ state }) => state === 'ready').map(({ detail }) => Number(detail.split(':').at(-1)))
  expect(readyAt()).toEqual([first.proxy.port])
  first.proxy.cut()
  await eventually('it is ready elsewhere', () => readyAt().length === 2)
  expect(readyAt()).toEqual([first.proxy.port, second.proxy.port])
  await eventually('publishing is possible there', () => transport.status().publishing.ok)
})

test('closing does not wait for a connection that is being set up slowly', async () => {
  const { proxy, transport } = await openProxied(broker.url)
  proxy.delay(400)
  proxy.cut()
  await eventually('it is being set up', () => transport.status().links[0]?.state === 'opening')
  const startedAt = performance.now()
  await transport.close()
  expect(performance.now() - startedAt).toBeLessThan(5_000)
})

test('a subscription that is closed while it comes back leaves no consumer behind', async () => {
  const { proxy, groups, transport, told } = await openProxied(broker.url)
  const ledger = await listen(transport, groups.ledger)
  const ready = () => told.links.filter(({ name, state }) => name === 'test-consume' && state === 'ready').length
  const before = ready()
  // A slow path, so that the subscription is surely still being opened when it is closed.
  proxy.delay(50)
  proxy.cut()
  await eventually('the connection is back', () => ready() > before)
  await ledger.subscription.close(0)
  proxy.delay(0)
  await eventually('its opening has come to its end', () => told.reconnected.includes(`group ${groups.ledger.name}`))
  const raw = await connectRaw(broker.url)
  const queue = `test.${groups.ledger.name}.v1`
  await eventually('nobody consumes', async () => (await raw.channel.checkQueue(queue)).consumerCount === 0)
  await eventually('a publish is confirmed', async () => {
    const { outcome } = await transport.publish(envelopeOf(groups.event.type), { kind: 'event' })
    return outcome === 'confirmed'
  })
  await eventually(
    'the message waits for somebody else',
    async () => (await raw.channel.checkQueue(queue)).messageCount === 1,
  )
})
