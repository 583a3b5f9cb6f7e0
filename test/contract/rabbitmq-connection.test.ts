/** Lost connections, one at a time: what is told, what comes back, what is settled where. */
import type { LinkStatus, TransportEvents } from '../../shared/messaging/transport'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { livedClock } from '../support/lived'
import { proxiedBroker } from '../support/proxied-broker'
import type { TcpProxy } from '../../scripts/network/tcp-proxy'
import { parseAddresses } from '../../shared/messaging/rabbitmq/address'
import type { Link } from '../../shared/messaging/rabbitmq/link'
import { Session, type Part } from '../../shared/messaging/rabbitmq/session'
import { atEnd } from '../support/ends'
import { openProxied } from './open-proxied'
import { inOrder, noTls, openRabbitmq } from './open-rabbitmq'
import { ack, envelopeOf, freshGroups, listen } from './transport-fixtures'

const broker = useBroker()

const silent: Omit<TransportEvents, 'linkChanged'> = {
  reconnected: () => {},
  recreated: () => {},
  unroutable: () => {},
  staleSettle: () => {},
  fault: () => {},
}

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
  const { transport } = await openRabbitmq(`${url},${broker.url}`, groups.all, inOrder)
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
  const { transport, told } = await openRabbitmq(`${first.url},${second.url}`, freshGroups().all, inOrder)
  const readyAt = () =>
    told.links.filter(({ state }) => state === 'ready').map(({ detail }) => Number(detail.split(':').at(-1)))
  expect(readyAt()).toEqual([first.proxy.port])
  first.proxy.cut()
  await eventually('it is ready elsewhere', () => readyAt().length === 2)
  expect(readyAt()).toEqual([first.proxy.port, second.proxy.port])
  await eventually('publishing is possible there', () => transport.status().publishing.ok)
})

/** How long a connection waits after each loss, from the loss to the attempt, by the longest jitter. */
async function openCounted() {
  const waitsMs: number[] = []
  let [lostAt, readyAt] = [NaN, NaN]
  let whenReady = () => {}
  const linkChanged = ({ state }: LinkStatus) => {
    const now = performance.now()
    if (state === 'down') [lostAt, readyAt] = [now, NaN]
    if (state === 'connecting' && !Number.isNaN(lostAt)) waitsMs.push(now - lostAt)
    if (state !== 'ready') return
    readyAt = now
    whenReady()
  }
  const { proxy, url } = await proxiedBroker(broker.url)
  await openRabbitmq(url, freshGroups().all, { ...inOrder, events: { ...silent, linkChanged } })
  const cutEachTime = (isOn: boolean) => (whenReady = isOn ? () => proxy.cut() : () => {})
  return { proxy, waitsMs, cutEachTime, heldMs: () => performance.now() - readyAt }
}

test('a connection that is lost as soon as it opens waits ever longer, one that has held for a moment hardly at all', async () => {
  const { proxy, waitsMs, cutEachTime, heldMs } = await openCounted()
  cutEachTime(true)
  proxy.cut()
  await eventually('it was lost again and again', () => waitsMs.length > 5)
  cutEachTime(false)
  const shortest = [0, 100, 200, 400, 500, 500].map((ms) => 0.99 * ms - 5)
  waitsMs.slice(0, 6).forEach((ms, index) => expect(ms).toBeGreaterThan(shortest[index] ?? NaN))

  const waitOnceHeld = async () => {
    await eventually('it has held for longer than the longest wait', () => heldMs() > 600)
    const before = waitsMs.length
    proxy.cut()
    await eventually('it tries again', () => waitsMs.length > before)
    return waitsMs[before] ?? NaN
  }
  // The quickest of three: a busy machine may stop us in the middle of one.
  expect(Math.min(await waitOnceHeld(), await waitOnceHeld(), await waitOnceHeld())).toBeLessThan(250)
})

test('each connection begins with a host of its own choice, so that services spread over a cluster', async () => {
  const { proxy: first, url } = await proxiedBroker(broker.url)
  const { proxy: second, url: other } = await proxiedBroker(broker.url)
  for (let opened = 0; opened < 24; opened++) await openRabbitmq(`${url},${other}`, [])
  // By a fair chance one of them is left out once in eight million runs.
  expect([first.tried() > 0, second.tried() > 0]).toEqual([true, true])
})

test('closing does not wait for a connection that is being set up slowly', async () => {
  const { proxy, transport } = await openProxied(broker.url)
  proxy.delay(400)
  proxy.cut()
  await eventually('it is being set up', () => transport.status().links[0]?.state === 'opening')
  const lived = livedClock()
  await transport.close()
  expect(lived.now()).toBeLessThan(5_000)
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

const between = (times: readonly number[]) => times.slice(1).map((at, index) => at - (times[index] ?? NaN))

/** A part beside another, and how long it waited from one time that it asked to the next; its question is put as it opens. */
async function openBeside(url: string, question: (link: Link) => Promise<unknown>) {
  const [askedAt, askedAtLived, lived] = [[] as number[], [] as number[], livedClock()]
  const sound = { opened: 0 }
  const asking: Part = {
    name: 'asking',
    open: async (link) => {
      askedAt.push(performance.now())
      askedAtLived.push(lived.now())
      await question(link)
      return { closed: link.lost }
    },
  }
  const other: Part = {
    name: 'other',
    open: async (link) => {
      const { closed } = await link.openChannel()
      sound.opened++
      return { closed }
    },
  }
  const session = new Session({
    name: 'beside',
    addresses: parseAddresses(url),
    tls: noTls,
    prepare: () => Promise.resolve(),
    events: { linkChanged: () => {}, reconnected: () => {}, fault: () => {} },
    ...inOrder,
  })
  atEnd(() => session.close())
  await session.start()
  await session.keep(other)
  const kept = session.keep(asking)
  const waitsMs = () => between(askedAt)
  const livedWaitsMs = () => between(askedAtLived)
  return { session, sound, kept, waitsMs, livedWaitsMs }
}

test('a part whose question is never answered leaves the others their connection for ever longer', async () => {
  const noAnswer = (link: Link) => link.ask('consume what has no leader', () => {}, 700)
  const { session, sound, kept, waitsMs, livedWaitsMs } = await openBeside(broker.url, noAnswer)
  await kept
  await eventually('it has asked four times', () => waitsMs().length === 3)
  const [, second, third] = waitsMs() as [number, number, number]
  expect(livedWaitsMs()[0]).toBeLessThan(1_900)
  expect(second).toBeGreaterThan(700 + 1_900)
  expect(third).toBeGreaterThan(700 + 3_900)
  expect(sound.opened).toBe(4)
  await eventually('it has failed once more', () => session.link === undefined)
  const lived = livedClock()
  await session.close()
  expect(lived.now()).toBeLessThan(2_000)
})

test('a part that is cut off while it opens is back at once, however often', async () => {
  const { proxy, url } = await proxiedBroker(broker.url)
  let cuts = 0
  const cutOff = async (link: Link) => {
    if (++cuts > 6) return
    setTimeout(() => proxy.cut(), 650)
    await link.ask('consume what is there', () => {})
  }
  const { livedWaitsMs } = await openBeside(url, cutOff)
  await eventually('it is open', () => cuts === 7)
  expect(Math.max(...livedWaitsMs())).toBeLessThan(650 + 1_500)
})
