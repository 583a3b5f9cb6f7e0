/** Queues of the next version beside those that are there, and everything in the earlier ones brought over. */
import { openBrokerObjects } from '../../shared/messaging/open-broker-objects'
import type { Delivery, GroupTopology } from '../../shared/messaging/transport'
import { migrateTopology } from '../../shared/operations/migrate-topology'
import { systemClock, type Clock } from '../../shared/runtime/clock'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { runningBroker } from '../support/brokers/running-brokers'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { noTls, openRabbitmq } from './open-rabbitmq'
import { ack, envelopeOf, failure, freshGroups, listen } from './transport-fixtures'

const broker = useBroker()

const nextOf = (groups: readonly GroupTopology[]) => groups.map((group) => ({ ...group, version: 2 }))

const faster = (times: number): Clock => ({
  now: () => systemClock.now() * times,
  after: (ms, callback) => systemClock.after(ms, callback),
})
/** Eight seconds of being empty in four: the figures of the brokers of tests are not five seconds late, but one and a half. */
const brisk = faster(2)
/** A minute of patience in six seconds. */
const hasty = faster(10)

interface Ways {
  readonly sight?: 'management' | 'off'
  readonly clock?: Clock
}

/** Migrates to these groups; answers with what was told. */
async function migrate(groups: readonly GroupTopology[], { sight, clock = brisk }: Ways = {}) {
  const objects = await openBrokerObjects({
    url: broker.url,
    managementUrl: sight === 'off' ? 'off' : runningBroker().managementUrl,
    namespace: 'test',
    groups,
    name: 'test',
    tls: noTls,
  })
  atEnd(() => objects.close())
  const told: string[] = []
  const events = {
    made: () => {},
    bound: () => {},
    unbound: ({ destination }: { destination: string }) => void told.push(`unbound ${destination}`),
    moving: ({ queue, successor }: { queue: string; successor: string }) =>
      void told.push(`moving ${queue} to ${successor}`),
    removed: ({ queue }: { queue: string }, moved: number) => void told.push(`removed ${queue} ${moved}`),
  }
  const removed = await migrateTopology({ objects, events, clock, group: undefined })
  return { removed, told }
}

async function queuesNamed(name: string): Promise<readonly string[]> {
  const all = (await broker.management.queues()).map((queue) => queue.name)
  return all.filter((queue) => queue.startsWith(`test.${name}.`)).sort()
}

test('what waits, what is retried and what is dead comes over with all that is written on it, in its order', async () => {
  const groups = freshGroups([60_000])
  const { name } = groups.ledger
  const { transport } = await openRabbitmq(broker.url, groups.all)
  const raw = await connectRaw(broker.url)
  const retried = envelopeOf(groups.event.type)
  await transport.publish(retried, { kind: 'event' })
  const urgentRetried = envelopeOf(groups.event.type, { extensions: { priority: '9' } })
  await transport.publish(urgentRetried, { kind: 'event' })
  // Long enough that the urgent one still waits when the old bindings go, on a busy machine, too.
  const afterMs = ({ urgency }: Delivery) => (urgency === 'urgent' ? 40_000 : 50_000)
  const early = await listen(transport, groups.ledger, (delivery) => ({
    kind: 'retry',
    afterMs: afterMs(delivery),
    failure,
  }))
  await eventually('it waits for its retry', () => raw.countReady(`test.${name}.retry.1m.v1`))
  await eventually('the urgent one has failed, too', () => early.arrived(urgentRetried.id).length)
  // Its verdict is carried out by then, which makes the delay levels.
  await early.subscription.close(20_000)
  const urgent = envelopeOf(groups.event.type, { extensions: { priority: '9' } })
  await transport.publish(urgent, { kind: 'event' })
  const waiting = Array.from({ length: 100 }, () => envelopeOf(groups.event.type, { extensions: { tenant: 't-1' } }))
  for (const envelope of waiting) await transport.publish(envelope, { kind: 'event' })
  const letter = { 'handoff-reason': 'rejected', 'handoff-error': 'Reject: no', cloudEvents_source: '/s' }
  const properties = { messageId: 'dead-1', type: groups.event.type, contentType: 'text/x', headers: letter }
  await raw.publishRaw('', `test.${name}.dead.v1`, Buffer.from('"kept"'), { ...properties, persistent: true })
  await transport.close()
  const next = nextOf(groups.all)
  const [ledger] = next as [GroupTopology]
  const { removed, told } = await migrate(next)
  expect([removed, await queuesNamed(name)]).toEqual([
    15,
    ['dead.v2', 'low.v2', 'retry.1m.v2', 'urgent.v2', 'v2'].map((rest) => `test.${name}.${rest}`),
  ])
  expect(told).toContain(`removed test.${name}.v1 100`)
  expect(told).toContain(`removed test.${name}.urgent.v1 1`)
  expect(told).toContain(`removed test.${name}.retry.1m.v1 1`)
  const dead = await raw.get(`test.${name}.dead.v2`)
  expect([dead?.content.toString(), dead?.properties]).toMatchObject(['"kept"', properties])
  const delayed = await raw.look(`test.${name}.retry.1m.v2`)
  expect(delayed?.properties).toMatchObject({ messageId: retried.id, expiration: '50000' })
  expect(delayed?.properties.headers).toMatchObject({ 'handoff-attempt': 2, 'handoff-reason': failure.reason })
  const { transport: later } = await openRabbitmq(broker.url, next)
  const heard = await listen(later, ledger)
  await eventually('all of them', () => heard.deliveries.length > waiting.length + 1, { withinMs: 90_000 })
  const envelopesOf = (urgency: Delivery['urgency']) =>
    heard.deliveries
      .filter((each) => each.urgency === urgency)
      .map(({ content }) => content.kind === 'message' && content.envelope)
  expect(envelopesOf('normal')).toEqual(waiting)
  expect(envelopesOf('urgent')).toEqual([urgent, urgentRetried])
  expect(heard.arrived(urgentRetried.id)[0]?.attempt).toBe(2)
})

test('a bare message is still known by the routing key by which it came, and what nobody can read stays as it is', async () => {
  const { payments, ledger, event, command } = freshGroups([])
  const groups = [{ ...payments, routes: [event, command] }, ledger]
  const { transport } = await openRabbitmq(broker.url, groups)
  const raw = await connectRaw(broker.url)
  await raw.publishRaw('test.commands.v1', command.type, Buffer.from('{}'), { messageId: 'bare', persistent: true })
  const tooDeep = Buffer.from(`{"id":"d","source":"/s","data":${'['.repeat(50_000)}${']'.repeat(50_000)}}`)
  const structured = { contentType: 'application/cloudevents+json', messageId: 'd', persistent: true }
  for (const place of ['', '.dead']) await raw.publishRaw('', `test.${ledger.name}${place}.v1`, tooDeep, structured)
  await transport.close()
  const next = nextOf(groups)
  await migrate(next)
  for (const place of ['', '.dead']) {
    const moved = await raw.get(`test.${ledger.name}${place}.v2`)
    expect([moved?.content.equals(tooDeep), moved?.properties.messageId]).toEqual([true, 'd'])
  }
  const { transport: later } = await openRabbitmq(broker.url, next)
  const heard = await listen(later, next[0] as GroupTopology)
  await eventually('it arrives', () => heard.arrived('bare').length === 1)
  expect(heard.arrived('bare')[0]?.content).toMatchObject({ kind: 'message', envelope: { type: command.type } })
})

test('while consumers of the earlier version are there it changes nothing for them', async () => {
  const groups = freshGroups([])
  const next = nextOf(groups.all)
  const { transport: earlier } = await openRabbitmq(broker.url, groups.all)
  const old = await listen(earlier, groups.payments)
  const { transport: later } = await openRabbitmq(broker.url, next)
  const fresh = await listen(later, next[2] as GroupTopology)
  const queue = `test.${groups.payments.name}.v1`
  await eventually('its consumer is told', async () => (await broker.management.queue(queue)).consumers === 1)
  await expect(migrate(next)).rejects.toThrow(`${queue} still in use, so nothing was moved`)
  const envelope = envelopeOf(groups.command.type)
  expect(await later.publish(envelope, { kind: 'command' })).toMatchObject({ outcome: 'confirmed' })
  await eventually('the new one has it', () => fresh.arrived(envelope.id).length === 1)
  await eventually('so has the old one', () => old.arrived(envelope.id).length === 1)
  await earlier.close()
  await eventually('it is told to be gone', async () => (await broker.management.queue(queue)).consumers === 0)
  await migrate(next)
  expect(await queuesNamed(groups.payments.name)).toEqual([
    `test.${groups.payments.name}.dead.v2`,
    `test.${groups.payments.name}.low.v2`,
    `test.${groups.payments.name}.urgent.v2`,
    `test.${groups.payments.name}.v2`,
  ])
})

test('a queue with a message that cannot be taken is not deleted, nor is any behind it', async () => {
  const groups = freshGroups([])
  const { transport } = await openRabbitmq(broker.url, groups.all)
  await transport.close()
  const raw = await connectRaw(broker.url)
  const queue = `test.${groups.ledger.name}.v1`
  await raw.publishRaw('', queue, Buffer.from('held'), { persistent: true })
  const held = await raw.channel.get(queue)
  if (held === false) throw new Error('the message is gone')
  await eventually('the figures of all', async () =>
    (await broker.management.queues()).every(({ consumers }) => consumers !== undefined),
  )
  // Who holds a message is a consumer to the broker, and told as such when figures are fresh.
  const refusal = new RegExp(`${queue} (does not get empty: messages 1|still in use)`)
  await expect(migrate(nextOf(groups.all), { clock: hasty })).rejects.toThrow(refusal)
  raw.channel.reject(held, true)
  expect(await queuesNamed(groups.ledger.name)).toContain(`test.${groups.ledger.name}.dead.v1`)
  await migrate(nextOf(groups.all))
  expect(await raw.countReady(`test.${groups.ledger.name}.v2`)).toBe(1)
})

test('a delay that no type has any more is emptied into the work; again, there is nothing to do', async () => {
  const groups = freshGroups([3_600_000])
  const { transport } = await openRabbitmq(broker.url, groups.all)
  await transport.close()
  const raw = await connectRaw(broker.url)
  const { name } = groups.mail
  await raw.publishRaw('', `test.${name}.retry.1h.v1`, Buffer.from('1'), {
    messageId: 'm-1',
    expiration: '4500',
    persistent: true,
  })
  const fewer = groups.all.map((group) => ({ ...group, delaysMs: [] }))
  expect((await migrate(fewer)).removed).toBe(3)
  expect(await queuesNamed(name)).toEqual(
    ['dead.v1', 'low.v1', 'urgent.v1', 'v1'].map((rest) => `test.${name}.${rest}`),
  )
  expect((await raw.get(`test.${name}.v1`))?.properties).toMatchObject({ messageId: 'm-1', expiration: undefined })
  expect(await migrate(fewer)).toEqual({ removed: 0, told: [] })
})

test('what an exchange of others sends to an earlier queue comes to its successor', async () => {
  const groups = freshGroups([])
  const { transport } = await openRabbitmq(broker.url, groups.all)
  await transport.close()
  const raw = await connectRaw(broker.url)
  const { name } = groups.mail
  await raw.channel.assertExchange('of-others', 'topic', { durable: true })
  const keys = ['orders', `test.${name}.v1`]
  for (const key of keys) await raw.channel.bindQueue(`test.${name}.v1`, 'of-others', key)
  await migrate(nextOf(groups.all))
  for (const messageId of keys) {
    await raw.publishRaw('of-others', messageId, Buffer.from('1'), { messageId, persistent: true })
    expect((await raw.get(`test.${name}.v2`))?.properties.messageId).toBe(messageId)
  }
})

test('a binding with arguments, which nobody can copy exactly, is refused by name before anything is unbound', async () => {
  const groups = freshGroups([])
  const { transport } = await openRabbitmq(broker.url, groups.all)
  await transport.close()
  const raw = await connectRaw(broker.url)
  const { name } = groups.mail
  const [exchange, queue] = [`choosing-${name}`, `test.${name}.v1`]
  await raw.channel.assertExchange(exchange, 'headers', { durable: true })
  await raw.channel.bindQueue(queue, exchange, '', { 'x-match': 'all', country: 'FR' })
  await expect(migrate(nextOf(groups.all))).rejects.toThrow(
    `${queue} is bound to ${exchange} with the arguments {"country":"FR","x-match":"all"}`,
  )
  const left = (await broker.management.bindings()).filter(({ destination }) => destination === queue)
  const ours = ['test.delay.due.v1', 'test.delay.due.v1', 'test.events.v1', 'test.events.v1', 'test.requeue.v1']
  expect(left.map(({ source }) => source).sort()).toEqual(['', exchange, ...ours].sort())
})

test('without management it refuses, and moves nothing', async () => {
  const groups = freshGroups([])
  const { transport } = await openRabbitmq(broker.url, groups.all)
  await transport.close()
  await expect(migrate(nextOf(groups.all), { sight: 'off' })).rejects.toThrow(
    /a migration has to see bindings and figures, and BROKER_MANAGEMENT_URL is off/,
  )
  expect(await queuesNamed(groups.mail.name)).toContain(`test.${groups.mail.name}.v1`)
})

test('acks of what is moved wait for the confirm of its copy: a successor that is full costs nothing', async () => {
  const groups = freshGroups([])
  const { transport } = await openRabbitmq(broker.url, groups.all)
  const sent = Array.from({ length: 20 }, () => envelopeOf(groups.command.type))
  for (const envelope of sent) await transport.publish(envelope, { kind: 'command' })
  await transport.close()
  const next = nextOf(groups.all)
  const { transport: later } = await openRabbitmq(broker.url, next)
  const { name } = groups.payments
  await broker.management.setPolicy('narrow', `^test\\.${name}\\.v2$`, { 'max-length': 5 })
  await eventually('the limit is in force', async () => {
    const probe = await later.publish(envelopeOf(groups.command.type), { kind: 'command' })
    return probe.outcome === 'not_accepted'
  })
  await expect(migrate(next)).rejects.toThrow(/is not moved any more: .*did not take a copy: refused by a queue/)
  await broker.management.setPolicy('narrow', `^test\\.${name}\\.v2$`, { 'max-length': 1_000 })
  const heard = await listen(later, next[2] as GroupTopology, () => ack)
  await eventually(
    'it has room',
    async () => (await later.publish(envelopeOf(groups.command.type), { kind: 'command' })).outcome === 'confirmed',
  )
  await migrate(next)
  await eventually('each has come', () => sent.every(({ id }) => heard.arrived(id).length > 0))
  await broker.management.deletePolicy('narrow')
})
