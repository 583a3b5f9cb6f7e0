/** The producer within another program, against a real broker. */
import { pino } from 'pino'
import { NotEmitted, openProducer, type EmbedOptions } from '../../services/producer/embedded'
import { orderPlaced } from '../../shared/messages/order-placed'
import { paymentCapture } from '../../shared/messages/payment-capture'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { proxiedBroker } from '../support/proxied-broker'
import { startService } from '../support/service'
import { temporarySpool } from '../support/temporary-spool'
import { temporaryStoreUrl } from '../support/temporary-store'
import { order } from './pair'

const broker = useBroker()
const logger = pino({ level: 'silent' })

async function embed(namespace: string, options: Partial<EmbedOptions> = {}, url = broker.url) {
  const environment = { BROKER_URL: url, NAMESPACE: namespace }
  const producer = await openProducer({ environment, source: '/shop', logger, ...options })
  atEnd(() => producer.close())
  return producer
}

test('what is emitted is in the queues of its groups when the promise resolves', async () => {
  const producer = await embed('embedded')
  const { id, outcome } = await producer.emit(orderPlaced, order('E-1'), { extensions: { tenant: 'acme' } })
  expect(outcome).toBe('confirmed')
  const raw = await connectRaw(broker.url)
  for (const queue of ['embedded.ledger.v1', 'embedded.mail.v1']) {
    const message = await raw.get(queue)
    expect(message?.properties).toMatchObject({ messageId: id, type: 'order.placed' })
    expect(message?.properties.headers).toMatchObject({ cloudEvents_source: '/shop', cloudEvents_tenant: 'acme' })
    expect(JSON.parse(message?.content.toString() ?? '')).toEqual(order('E-1'))
  }
  expect(await producer.metrics()).toContain('handoff_published_total{type="order.placed",outcome="confirmed"} 1')
  expect(producer.check()).toMatchObject({ broker: { status: 'ok' }, spool: undefined })
})

test('the types of data are those of the schema, and what does not fit is never sent', async () => {
  const producer = await embed('typed')
  // @ts-expect-error -- amountCents is a number
  await expect(producer.emit(paymentCapture, { paymentId: 'P-1', amountCents: '1' })).rejects.toThrow(
    new TypeError('"payment.capture" does not fit its schema: /amountCents must be integer'),
  )
  expect(await (await connectRaw(broker.url)).countReady('typed.payments.v1')).toBe(0)
})

test('the same id is the same message, with one effect', async () => {
  const storeUrl = await temporaryStoreUrl()
  const consumer = await startService('consumer', { BROKER_URL: broker.url, NAMESPACE: 'twice', STORE_URL: storeUrl })
  const producer = await embed('twice')
  const emit = () => producer.emit(paymentCapture, { paymentId: 'P-2', amountCents: 1 }, { id: 'capture-P-2' })
  await Promise.all([emit(), emit(), emit()])
  const verdicts = () => consumer.logs.filter(({ messageId }) => messageId === 'capture-P-2').map(({ msg }) => msg)
  await eventually(
    'all three are done',
    () => verdicts().filter((msg) => String(msg).startsWith('processed')).length === 3,
  )
  expect(verdicts().filter((msg) => msg === 'processed')).toHaveLength(1)
})

test('while the broker is away it refuses, and with a spool it stores and sends later', async () => {
  const proxied = await proxiedBroker(broker.url)
  const bare = await embed('away', {}, proxied.url)
  const spooling = await embed('away', { spoolPath: await temporarySpool() }, proxied.url)
  proxied.proxy.refuse()
  proxied.proxy.cut()
  await eventually('it is noticed', () => bare.check().broker?.status === 'failed')
  const refused = await bare.emit(paymentCapture, { paymentId: 'P-3', amountCents: 1 }).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(NotEmitted)
  expect(refused).toMatchObject({ code: 'NOT_EMITTED', outcome: 'not_accepted', id: expect.any(String) as string })
  const stored = await spooling.emit(paymentCapture, { paymentId: 'P-4', amountCents: 1 })
  expect(stored.outcome).toBe('stored')
  expect(spooling.check()).toMatchObject({ broker: { status: 'degraded' } })
  proxied.proxy.accept()
  const raw = await connectRaw(broker.url)
  const sent = await eventually('it is sent', () => raw.get('away.payments.v1'))
  expect(sent.properties.messageId).toBe(stored.id)
})

test('closing waits for what is under way, and may be called twice', async () => {
  const producer = await embed('closed')
  const emitted = Array.from({ length: 200 }, (_, at) =>
    producer.emit(paymentCapture, { paymentId: `C-${at}`, amountCents: 1 }),
  )
  await Promise.all([producer.close(), producer.close()])
  const outcomes = (await Promise.all(emitted)).map(({ outcome }) => outcome)
  expect(new Set(outcomes)).toEqual(new Set(['confirmed']))
  await expect(producer.emit(paymentCapture, { paymentId: 'late', amountCents: 1 })).rejects.toThrow('is closed')
  const connections = () => broker.management.connections()
  await eventually('no connection is left', async () => (await connections()).length === 0)
})

test('settings that make no sense are told before anything is opened', async () => {
  await expect(embed('wrong', {}, 'http://localhost')).rejects.toMatchObject({ code: 'SETTINGS' })
  await expect(embed('wrong', { source: '' })).rejects.toThrow('the source is empty')
})
