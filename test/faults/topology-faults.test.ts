/** Somebody has changed what stands at the broker: it is told, mended where that loses nothing, and left alone where not. */
import { openRabbitmq } from '../contract/open-rabbitmq'
import { openProxied } from '../contract/open-proxied'
import { envelopeOf, freshGroups, listen } from '../contract/transport-fixtures'
import { post } from '../e2e/pair'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { figureWithin } from '../support/figures'
import { startService } from '../support/service'
import { eventuallySays, metricOf } from './ready'

const broker = useBroker()
const asPlanned = { 'x-queue-type': 'quorum', 'x-overflow': 'reject-publish' }

async function unbind(exchange: string, type: string): Promise<void> {
  const all = await broker.management.bindings()
  const binding = all.find(({ source, routing_key }) => source === exchange && routing_key === type)
  if (binding === undefined) throw new Error(`${type} is not bound to ${exchange}`)
  await broker.management.deleteBinding(binding)
}

test('a command whose binding is gone is told unroutable, loudly, and the binding is made again', async () => {
  const producer = await startService('producer', { BROKER_URL: broker.url, NAMESPACE: 'unbound' })
  await unbind('unbound.commands.v1', 'payment.capture')
  const capture = (paymentId: string) => post(`${producer.url}/messages/payment.capture`, { paymentId, amountCents: 1 })
  const unboundAt = performance.now()
  expect(await capture('P-1')).toMatchObject({ status: 503, body: { outcome: 'unroutable' } })
  expect((await eventuallySays(producer, 'degraded')).checks['broker']?.detail).toBe(
    'no queue is bound for payment.capture',
  )
  await eventually('the error in the logs', () =>
    producer.logs.some(({ level, messageType }) => level === 'error' && messageType === 'payment.capture'),
  )
  await eventually('the next one is accepted', async () => (await capture('P-2')).status === 202)
  figureWithin('accepted again after the binding was deleted', unboundAt, 10_000)
  await eventuallySays(producer, 'ready')
  const unroutable = 'handoff_published_total{type="payment.capture",outcome="unroutable"}'
  expect(await metricOf(producer, unroutable)).toBeGreaterThanOrEqual(1)
})

test('however many commands find no queue, it is told once, and the others flow', async () => {
  const groups = freshGroups()
  const { transport, told } = await openRabbitmq(broker.url, groups.all)
  const nobody = () => transport.publish(envelopeOf('nobody.takes'), { kind: 'command' })
  const results = await Promise.all(Array.from({ length: 200 }, nobody))
  expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['unroutable']))
  expect([told.unroutable, transport.status().unroutable]).toEqual([['nobody.takes'], ['nobody.takes']])
  expect(await transport.publish(envelopeOf(groups.command.type), { kind: 'command' })).toMatchObject({
    outcome: 'confirmed',
  })
})

test('a queue that others made with other arguments meanwhile is named in one sentence, and loops do not harm it', async () => {
  const { proxy, groups, transport, told } = await openProxied(broker.url)
  const raw = await connectRaw(broker.url)
  const queue = `test.${groups.payments.name}.dead.v1`
  await raw.channel.deleteQueue(queue)
  await raw.channel.assertQueue(queue, { durable: true, arguments: { ...asPlanned, 'x-delivery-limit': 3 } })
  proxy.cut()
  const link = await eventually('the reason is told', () => told.links.find(({ detail }) => detail.includes(queue)))
  expect(link.detail).toContain(`queue "${queue}" in vhost "${broker.vhost}" has x-delivery-limit "3"`)
  expect(link.detail).toContain('but Handoff needs "1000000000"')
  expect(await transport.publish(envelopeOf(groups.command.type), { kind: 'command' })).toMatchObject({
    outcome: 'not_accepted',
  })
  // Not while it is declared: what goes between a look and the declaration is made again without a word.
  proxy.refuse()
  proxy.cut()
  await raw.channel.deleteQueue(queue)
  proxy.accept()
  await eventually('it is in use again', () => transport.status().publishing.ok)
  expect(told.recreated).toEqual([queue])
})

test('what overflows a queue under a foreign policy of drop-head is a dead letter, not lost', async () => {
  const groups = freshGroups()
  const { transport } = await openRabbitmq(broker.url, groups.all)
  const work = `test.${groups.payments.name}.v1`
  await broker.management.setPolicy('greedy', `^${work.replaceAll('.', '\\.')}$`, {
    'max-length': 1,
    overflow: 'drop-head',
  })
  const raw = await connectRaw(broker.url)
  const dead = `test.${groups.payments.name}.dead.v1`
  const published: string[] = []
  const letter = await eventually('the first dead letter', async () => {
    const envelope = envelopeOf(groups.command.type)
    if ((await transport.publish(envelope, { kind: 'command' })).outcome === 'confirmed') published.push(envelope.id)
    return raw.get(dead)
  })
  await broker.management.deletePolicy('greedy')
  const letters = [letter, ...(await raw.getAll(dead))].map(({ properties }) => String(properties.messageId))
  const payments = await listen(transport, groups.payments)
  await eventually('each is in the queue or parked', async () => {
    letters.push(...(await raw.getAll(dead)).map(({ properties }) => String(properties.messageId)))
    return published.every((id) => letters.includes(id) || payments.arrived(id).length > 0)
  })
  expect(letters.length).toBeGreaterThan(0)
})
