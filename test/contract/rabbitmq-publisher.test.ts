/** What a publish is told when it cannot be confirmed, or not at once. */
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { figure } from '../support/figures'
import { livedClock } from '../support/lived'
import { openProxied } from './open-proxied'
import { openRabbitmq } from './open-rabbitmq'
import { envelopeOf, freshGroups } from './transport-fixtures'

const broker = useBroker()

test('with the broker away a new publish is refused at once', async () => {
  const { proxy, groups, transport } = await openProxied(broker.url)
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
  const { proxy, groups, transport, told } = await openProxied(broker.url)
  proxy.swallow()
  const lived = livedClock()
  expect(await transport.publish(envelopeOf(groups.event.type), { kind: 'event' })).toMatchObject({
    outcome: 'unknown',
  })
  expect(lived.now()).toBeLessThan(9_000)
  proxy.resume()
  await eventually('it is told', () => told.reconnected.includes('test-publish'))
  await eventually('it is back', () => transport.status().publishing.ok)
})

test('who has to have an answer sooner gets it, and no connection is suspected for his hurry', async () => {
  const { proxy, groups, transport, told } = await openProxied(broker.url)
  proxy.swallow()
  const lived = livedClock()
  const hurried = transport.publish(envelopeOf(groups.event.type), { kind: 'event' }, performance.now() + 300)
  const patient = transport.publish(envelopeOf(groups.event.type), { kind: 'event' })
  expect(await hurried).toMatchObject({
    outcome: 'unknown',
    detail: expect.stringMatching(/^no confirm within [23]\d\d ms$/) as string,
  })
  expect(lived.now()).toBeLessThan(5_000)
  proxy.resume()
  expect(await patient).toMatchObject({ outcome: 'confirmed' })
  expect(told.reconnected).toEqual([])
})

test('a broker that keeps silent is found out although no caller waits so long', async () => {
  const { proxy, groups, transport, told } = await openProxied(broker.url)
  proxy.swallow()
  const hurried = () => transport.publish(envelopeOf(groups.event.type), { kind: 'event' }, performance.now() + 200)
  expect(await hurried()).toMatchObject({ outcome: 'unknown' })
  await eventually('the connection is given up', () => !transport.status().publishing.ok)
  proxy.resume()
  await eventually('it is back', () => told.reconnected.includes('test-publish'))
})

test('only the in-flight cap is held in memory; above it a publish is refused at once', async () => {
  const { proxy, groups, transport } = await openProxied(broker.url)
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
  const lived = livedClock()
  const results = Array.from({ length: 20 }, (_, index) =>
    index % 4 === 0
      ? transport.publish(envelopeOf(groups.event.type), { kind: 'event' })
      : transport.publish(envelopeOf(groups.command.type), { kind: 'command' }),
  )
  expect(new Set((await Promise.all(results)).map(({ outcome }) => outcome))).toEqual(new Set(['confirmed']))
  figure('20 confirmed after the exchange was deleted', lived.now(), 'ms')
  expect(lived.now()).toBeLessThan(5_000)
  expect(told.recreated).toEqual(['lost.events.v1'])
})
