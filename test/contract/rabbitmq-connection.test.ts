/** Lost connections, one at a time: what is told, what comes back, what is settled where. */
import type { Verdict } from '../../shared/messaging/transport'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { startProxy, type TcpProxy } from '../support/tcp-proxy'
import { openRabbitmq } from './open-rabbitmq'
import { ack, envelopeOf, freshGroups, listen } from './transport-contract'

const broker = useBroker()

async function behindProxy() {
  const target = new URL(broker.url)
  const proxy = await startProxy({ targetHost: target.hostname, targetPort: Number(target.port) })
  const url = new URL(broker.url)
  url.hostname = '127.0.0.1'
  url.port = String(proxy.port)
  return { proxy, url: url.href }
}

async function connected() {
  const { proxy, url } = await behindProxy()
  const groups = freshGroups()
  const { transport, told } = await openRabbitmq(url, groups.all)
  return { proxy, url, groups, transport, told }
}

const cutAndComeBack = async (proxy: TcpProxy, ready: () => boolean) => {
  proxy.cut()
  await eventually('the loss was noticed', () => !ready())
  await eventually('it is back', ready)
}

test('a publish in flight when the connection is cut is sent again with the same id, and confirmed', async () => {
  const { proxy, groups, transport } = await connected()
  const ledger = await listen(transport, groups.ledger)
  proxy.swallow()
  const envelope = envelopeOf(groups.event.type)
  const publishing = transport.publish(envelope, { kind: 'event' })
  proxy.resume()
  proxy.cut()
  expect(await publishing).toMatchObject({ outcome: 'confirmed' })
  await eventually('it has arrived', () => ledger.arrived(envelope.id).length >= 1)
})

test('with the broker away a new publish is refused at once', async () => {
  const { proxy, groups, transport } = await connected()
  proxy.refuse()
  proxy.cut()
  await eventually('the loss was noticed', () => !transport.status().publishing.ok)
  const refused = async () => {
    const startedAt = performance.now()
    const result = await transport.publish(envelopeOf(groups.event.type), { kind: 'event' })
    expect(result).toMatchObject({ outcome: 'not_accepted', detail: 'not connected to the broker' })
    return performance.now() - startedAt
  }
  // The quickest of three: a busy machine may stop us in the middle of one.
  expect(Math.min(await refused(), await refused(), await refused())).toBeLessThan(50)
  proxy.accept()
  await eventually('it is back', () => transport.status().publishing.ok)
  expect(await transport.publish(envelopeOf(groups.event.type), { kind: 'event' })).toMatchObject({
    outcome: 'confirmed',
  })
})

test('a confirm that does not come makes the outcome unknown within the deadline, and the connection is replaced', async () => {
  const { proxy, groups, transport, told } = await connected()
  proxy.swallow()
  const startedAt = performance.now()
  expect(await transport.publish(envelopeOf(groups.event.type), { kind: 'event' })).toMatchObject({
    outcome: 'unknown',
  })
  expect(performance.now() - startedAt).toBeLessThan(9_000)
  proxy.resume()
  await eventually('it is back', () => transport.status().publishing.ok)
  expect(told.reconnected).toContain('test-publish')
})

test('consumption comes back after a cut, and what was in work is settled nowhere but on its own channel', async () => {
  const { proxy, groups, transport, told } = await connected()
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
  const { proxy, url } = await behindProxy()
  proxy.refuse()
  const groups = freshGroups()
  const { transport } = await openRabbitmq(`${url},${broker.url}`, groups.all)
  await eventually('it is connected', () => transport.status().publishing.ok)
})

test('without a broker it opens all the same, says that it is not ready, and closes', async () => {
  const { proxy, url } = await behindProxy()
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

test('only the in-flight cap is held in memory; above it a publish is refused at once', async () => {
  const { proxy, groups, transport } = await connected()
  proxy.swallow()
  const big = Buffer.alloc(1_048_576)
  const results = Array.from({ length: 40 }, () =>
    transport.publish(envelopeOf(groups.event.type, { data: big }), { kind: 'event' }),
  )
  expect(transport.status().inFlight).toBe(16)
  expect(await results[20]).toMatchObject({
    outcome: 'not_accepted',
    detail: expect.stringContaining('in flight') as string,
  })
  proxy.resume()
  expect(await results[0]).toMatchObject({ outcome: 'confirmed' })
  await Promise.all(results)
})

test('a command that its full queue refuses is not accepted, an event that one of two queues refuses is unknown', async () => {
  const groups = freshGroups()
  const { transport } = await openRabbitmq(broker.url, groups.all)
  await broker.management.setPolicy('full', `^test\\.(payments|mail)-.*[0-9a-f]\\.v1$`, { 'max-length': 1 })
  const outcomes = async (type: string, kind: 'command' | 'event') => {
    const { outcome } = await transport.publish(envelopeOf(type), { kind })
    return outcome
  }
  await eventually(
    'the command is refused',
    async () => (await outcomes(groups.command.type, 'command')) === 'not_accepted',
  )
  await eventually('the event is unknown', async () => (await outcomes(groups.event.type, 'event')) === 'unknown')
  await broker.management.deletePolicy('full')
})

test('a delivery whose handling throws goes back to the broker, is counted there, and never stops the others', async () => {
  const groups = freshGroups()
  const { transport, told } = await openRabbitmq(broker.url, groups.all)
  const poison = envelopeOf(groups.command.type)
  const payments = await listen(transport, groups.payments, (delivery): Verdict => {
    if (delivery.content.kind === 'message' && delivery.content.envelope.id === poison.id)
      throw new Error('a fault of ours')
    return ack
  })
  await transport.publish(poison, { kind: 'command' })
  const raw = await connectRaw(broker.url)
  const letter = await eventually('the delivery limit parks it', () => raw.get(`test.${groups.payments.name}.dead.v1`))
  expect(letter.properties.messageId).toBe(poison.id)
  expect(payments.arrived(poison.id)).toHaveLength(21)
  const other = envelopeOf(groups.command.type)
  await transport.publish(other, { kind: 'command' })
  await eventually('others flow', () => payments.arrived(other.id).length === 1)
  expect(told.faults.length).toBeGreaterThanOrEqual(21)
})

test('two messages with one id: the one that nobody takes is told so, and not the other', async () => {
  const groups = freshGroups()
  const { transport } = await openRabbitmq(broker.url, groups.all)
  const taken = envelopeOf(groups.command.type, { id: 'same' })
  const results = [taken, { ...taken, type: 'nobody.takes' }, taken].map((each) =>
    transport.publish(each, { kind: 'command' }),
  )
  expect((await Promise.all(results)).map(({ outcome }) => outcome)).toEqual(['confirmed', 'unroutable', 'confirmed'])
})

test('with an exchange deleted, it is made again, loudly, and publishing goes on', async () => {
  const groups = freshGroups()
  const { transport, told } = await openRabbitmq(broker.url, groups.all, { namespace: 'lost' })
  const raw = await connectRaw(broker.url)
  await raw.channel.deleteExchange('lost.events.v1')
  const results = Array.from({ length: 20 }, (_, index) =>
    index % 4 === 0
      ? transport.publish(envelopeOf(groups.event.type), { kind: 'event' })
      : transport.publish(envelopeOf(groups.command.type), { kind: 'command' }),
  )
  expect(new Set((await Promise.all(results)).map(({ outcome }) => outcome))).toEqual(new Set(['confirmed']))
  expect(told.recreated).toEqual(['lost.events.v1'])
})

test('a host that was lost is not asked again before the others', async () => {
  const [first, second] = [await behindProxy(), await behindProxy()]
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
  const { proxy, transport } = await connected()
  proxy.delay(400)
  proxy.cut()
  await eventually('it is being set up', () => transport.status().links[0]?.state === 'opening')
  const startedAt = performance.now()
  await transport.close()
  expect(performance.now() - startedAt).toBeLessThan(5_000)
})

test('a subscription that is closed while it comes back leaves no consumer behind', async () => {
  const { proxy, groups, transport, told } = await connected()
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
