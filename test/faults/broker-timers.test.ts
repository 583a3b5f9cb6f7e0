/** What the broker does when its own patience ends. Its clocks are made fast for this: minutes by default. */
import { openProxied } from '../contract/open-proxied'
import { openRabbitmq } from '../contract/open-rabbitmq'
import { ack, envelopeOf, failure, freshGroups, listen } from '../contract/transport-fixtures'
import { connectRaw } from '../support/amqp-client'
import { eventually } from '../support/eventually'
import { figureWithin } from '../support/figures'
import { useOwnBroker } from '../support/own-broker'

const broker = useOwnBroker()

const set = (name: string, value: string) => broker.ctl('eval', `application:set_env(rabbit, ${name}, ${value}).`)

test('a delivery held past the consumer timeout: the channel alone dies, consumption is back, the late ack is stale', async () => {
  const was = await broker.ctl('eval', '{ok, Value} = application:get_env(rabbit, consumer_timeout), Value.')
  await set('consumer_timeout', '3000')
  await set('channel_tick_interval', '1000')
  const groups = freshGroups()
  const { transport, told } = await openRabbitmq(broker.url, groups.all)
  const gate = Promise.withResolvers<void>()
  // Not by its attempt: on 4.3 the one that comes again bears the same number.
  let isFirst = true
  const payments = await listen(transport, groups.payments, async () => {
    const isHeld = isFirst
    isFirst = false
    if (isHeld) await gate.promise
    return ack
  })
  const held = envelopeOf(groups.command.type)
  await transport.publish(held, { kind: 'command' })
  const lost = await eventually('the consumer was taken away', () => told.faults[0])
  const lostAt = performance.now()
  expect(lost).toMatch(/lost its channel: .*(PRECONDITION_FAILED|cancelled the consumer)/)
  const again = eventually('it was redelivered', () => payments.arrived(held.id).length === 2)
  // Setting it back takes seconds of its own on a busy machine, and nobody waits for that.
  const timed = again.then(() => figureWithin('consumer timeout, consuming again after', lostAt, 5_000))
  await Promise.all([set('consumer_timeout', was), timed])
  gate.resolve()
  await eventually('the late ack was counted', () => told.stale.length === 1)
  const after = envelopeOf(groups.command.type)
  await transport.publish(after, { kind: 'command' })
  await eventually('messages flow', () => payments.arrived(after.id).length >= 1)
  expect(told.links.filter(({ state }) => state === 'down')).toEqual([])
})

test('a retry whose way back is gone stays in its delay tier, and comes when the way is there again', async () => {
  await set('dead_letter_worker_publisher_confirm_timeout', '2000')
  const { proxy, groups, transport } = await openProxied(broker.url)
  const work = `test.${groups.payments.name}.v1`
  const tier = `test.${groups.payments.name}.retry.100ms.v1`
  const payments = await listen(transport, groups.payments, ({ attempt }) =>
    attempt === 1 ? { kind: 'retry', afterMs: 100, failure } : ack,
  )
  const raw = await connectRaw(broker.url)
  await raw.channel.unbindQueue(work, 'test.requeue.v1', work)
  const envelope = envelopeOf(groups.command.type)
  await transport.publish(envelope, { kind: 'command' })
  await eventually('it is kept in the tier, ready for nobody', async () => {
    const { messages, messages_ready } = await broker.management.queue(tier)
    return messages === 1 && messages_ready === 0
  })
  expect(payments.arrived(envelope.id)).toHaveLength(1)
  // What any reconnect does: everything is declared again, with its bindings.
  proxy.cut()
  await eventually('the second attempt', () => payments.arrived(envelope.id).length >= 2)
})
