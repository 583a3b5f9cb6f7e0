/** Streams of events through the built producer and a real broker. */
import { connectRaw, type RawClient } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { howMany } from '../support/how-many'
import { proxiedBroker } from '../support/proxied-broker'
import { startService } from '../support/service'
import { temporarySpool } from '../support/temporary-spool'
import { captureEvent, sendStream } from './batch'

const broker = useBroker()
const ndjson = 'application/x-ndjson'
/** So often nothing has to have changed. */
const looks = 40
const count = howMany({ sampled: 5_000, long: 100_000 })

async function idsIn(raw: RawClient, namespace: string): Promise<readonly string[]> {
  const messages = await raw.getAll(`${namespace}.payments.v1`)
  return messages.map(({ properties }) => properties.messageId as string)
}

const ids = (prefix: string, howMany: number) => Array.from({ length: howMany }, (_, at) => `${prefix}-${at}`)

test('thousands of events are in the queue in their order, each with its line', async () => {
  const producer = await startService('producer', { BROKER_URL: broker.url, NAMESPACE: 'stream' })
  const stream = sendStream(producer.url, ndjson)
  const reading = stream.read()
  const sent = ids('s', count)
  for (const id of sent) await stream.write(`${captureEvent(id)}\n`)
  stream.end()
  await reading
  expect(await stream.ended).toBe('whole')
  expect(stream.outcomes.map(({ position, status, id }) => `${position} ${status} ${id}`)).toEqual(
    sent.map((id, at) => `${at + 1} 202 ${id}`),
  )
  expect(await idsIn(await connectRaw(broker.url), 'stream')).toEqual(sent)
})

test('an outcome is told as soon as it is known, while the batch goes on', async () => {
  const producer = await startService('producer', { BROKER_URL: broker.url, NAMESPACE: 'duplex' })
  const stream = sendStream(producer.url, 'application/cloudevents-batch+json')
  await stream.write(`[${captureEvent('d-1')}`)
  const outcomes = await stream.read()
  await eventually('the first line', () => outcomes.length === 1)
  await stream.write(`,${captureEvent('d-2')}]`)
  stream.end()
  expect(await stream.ended).toBe('whole')
  expect(outcomes.map(({ status, id }) => [status, id])).toEqual([
    [202, 'd-1'],
    [202, 'd-2'],
  ])
})

test('of a caller who does not read, no more is taken; as soon as he reads, all goes on', async () => {
  const producer = await startService('producer', { BROKER_URL: broker.url, NAMESPACE: 'unread' })
  const stream = sendStream(producer.url, ndjson)
  // The source comes back in each line's link: so few lines fill what the systems between hold.
  const pad = `/${'x'.repeat(600)}`
  let written = 0
  const seen: number[] = []
  const writing = (async () => {
    for (; written < 50_000; written++) await stream.write(`${captureEvent(`u-${written}`, pad)}\n`)
    stream.end()
  })()
  const isStill = () => {
    seen.push(written)
    const lately = seen.slice(-looks)
    return written > 0 && lately.length === looks && lately.every((each) => each === written)
  }
  await eventually('nothing more is taken', isStill, { withinMs: 60_000 })
  expect(written).toBeLessThan(50_000)
  await stream.read()
  await writing
  expect(await stream.ended).toBe('whole')
  expect(stream.outcomes.filter(({ status }) => status === 202)).toHaveLength(50_000)
}, 300_000)

test('a broker that goes away in the middle costs no event: they are stored, and sent when it is back', async () => {
  const proxied = await proxiedBroker(broker.url)
  const spool = await temporarySpool()
  const producer = await startService('producer', { BROKER_URL: proxied.url, NAMESPACE: 'away', SPOOL_PATH: spool })
  const stream = sendStream(producer.url, ndjson)
  const reading = stream.read()
  const sent = ids('a', 2_000)
  for (const id of sent.slice(0, 1_000)) await stream.write(`${captureEvent(id)}\n`)
  await reading
  await eventually('the first are told', () => stream.outcomes.length > 0)
  proxied.proxy.cut()
  proxied.proxy.refuse()
  for (const id of sent.slice(1_000)) await stream.write(`${captureEvent(id)}\n`)
  stream.end()
  expect(await stream.ended).toBe('whole')
  expect(stream.outcomes.map(({ status }) => status)).toEqual(sent.map(() => 202))
  expect(new Set(stream.outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['confirmed', 'stored']))
  proxied.proxy.accept()
  const raw = await connectRaw(broker.url)
  const found = new Set<string>()
  await eventually('all are in the queue', async () => {
    for (const id of await idsIn(raw, 'away')) found.add(id)
    return found.size === sent.length
  })
})

test('a producer that stops tells where, and all that it has accepted is in the queue', async () => {
  const producer = await startService('producer', { BROKER_URL: broker.url, NAMESPACE: 'stopped' })
  const stream = sendStream(producer.url, ndjson)
  const reading = stream.read()
  for (const id of ids('p', 500)) await stream.write(`${captureEvent(id)}\n`)
  await reading
  await eventually('the first are told', () => stream.outcomes.length > 0)
  producer.kill('SIGTERM')
  expect(await stream.ended).toBe('whole')
  expect(await producer.exited).toEqual({ code: 0, signal: null })
  expect(stream.outcomes.map(({ position }) => position)).toEqual(stream.outcomes.map((_, at) => at + 1))
  const [accepted, others] = [true, false].map((is) => stream.outcomes.filter(({ status }) => (status === 202) === is))
  // Those that still waited for their turn, and the last line, which says where to go on.
  expect(new Set(others?.map(({ status, code }) => `${status} ${code}`))).toEqual(new Set(['503 not-accepted']))
  expect(stream.outcomes.at(-1)).toBe(others?.at(-1))
  expect(await idsIn(await connectRaw(broker.url), 'stopped')).toEqual(accepted?.map(({ id }) => id))
})
