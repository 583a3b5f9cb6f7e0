/** One message, many deliveries, two consumers at once: one effect. */
import { startPair } from '../e2e/pair'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { howMany } from '../support/how-many'
import { startService } from '../support/service'

const broker = useBroker()

test('hundreds of copies of two messages on two consumers have one effect each', async () => {
  const env = { NAMESPACE: 'many' }
  const pair = await startPair(broker.url, env)
  const other = await startService('consumer', { BROKER_URL: broker.url, STORE_URL: pair.storeUrl, ...env })
  const raw = await connectRaw(broker.url)
  const count = howMany({ sampled: 400, long: 5_000 })
  const copiesOf = (exchange: string, type: string, data: object) => {
    const body = Buffer.from(JSON.stringify(data))
    const properties = { messageId: type, contentType: 'application/json', persistent: true }
    return Array.from({ length: count }, () => raw.publishRaw(exchange, type, body, properties))
  }
  await Promise.all([
    ...copiesOf('many.commands.v1', 'payment.capture', { paymentId: 'P', amountCents: 1 }),
    ...copiesOf('many.events.v1', 'webhook.received', { provider: 'p', event: 'e', deliveryId: 'd', payload: {} }),
  ])
  const verdicts = (words: string) =>
    [pair.consumer, other].map(({ logs }) => logs.filter(({ msg }) => msg === words).length)
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
  const withinMs = howMany({ sampled: 60_000, long: 600_000 })
  const repeats = 'processed before, nothing done'
  await eventually('each copy is settled', () => sum([...verdicts('processed'), ...verdicts(repeats)]) >= 2 * count, {
    withinMs,
  })
  expect(sum(verdicts('processed'))).toBe(2)
  expect(Math.min(...verdicts(repeats))).toBeGreaterThan(0)
  expect(await pair.rows('select message_id from captures')).toEqual([{ message_id: 'payment.capture' }])
  expect(await pair.rows('select message_id from webhooks')).toEqual([{ message_id: 'webhook.received' }])
})
