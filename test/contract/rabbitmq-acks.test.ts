/** Acks are gathered within a turn of the event loop. None of them may be lost at its end, nor stand for another. */
import type { ConsumeMessage } from 'amqplib'
import type { Socket } from 'node:net'
import { parseAddresses, type Address } from '../../shared/messaging/rabbitmq/address'
import { Link, type OpenChannel } from '../../shared/messaging/rabbitmq/link'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { noTls } from './open-rabbitmq'

const broker = useBroker()
const queue = 'acks'

/** So many deliveries, unacknowledged, on a channel of ours, and how many wait in the queue. */
async function delivered(count: number) {
  const raw = await connectRaw(broker.url)
  await raw.channel.deleteQueue(queue)
  await raw.channel.assertQueue(queue)
  for (let at = 0; at < count; at++) await raw.publishRaw('', queue, Buffer.from(String(at)))
  const link = await Link.open(parseAddresses(broker.url)[0] as Address, 'acks', noTls)
  atEnd(() => link.close())
  const channel = await link.openChannel()
  const messages: ConsumeMessage[] = []
  channel.raw.consume(queue, (message) => message && messages.push(message), {})
  await eventually('all are delivered', () => messages.length === count)
  return { link, channel, messages, waiting: () => raw.countReady(queue), raw }
}

function ack({ acks }: OpenChannel, messages: readonly ConsumeMessage[]): void {
  for (const { fields } of messages) acks.add(fields.deliveryTag)
}

test('those of one turn are written at once, each for its own delivery', async () => {
  const { channel, messages, waiting, raw } = await delivered(60)
  const { stream } = channel.raw.connection as unknown as { readonly stream: Socket }
  const writes = [jest.spyOn(stream, '_write'), jest.spyOn(stream, '_writev' as '_write')]
  const isActed = (_: unknown, at: number) => at % 3 !== 0
  ack(channel, messages.filter(isActed))
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
  expect(writes.reduce((all, { mock }) => all + mock.calls.length, 0)).toBe(1)
  await channel.close()
  await eventually('the others are back', async () => (await waiting()) === 20)
  expect((await raw.getAll(queue)).map(({ content }) => Number(content.toString()))).toEqual(
    Array.from({ length: 20 }, (_, at) => at * 3),
  )
})

test('those given just before the channel is closed still count', async () => {
  const { link, channel, messages, waiting } = await delivered(5)
  ack(channel, messages)
  await channel.close()
  await link.close()
  expect(await waiting()).toBe(0)
})

test('those given to a channel that has closed are nobody’s, and harm nothing else', async () => {
  const { link, channel, messages, waiting } = await delivered(5)
  await channel.close()
  ack(channel, messages)
  const other = await link.openChannel()
  await other.close()
  expect([link.lostReason, await waiting()]).toEqual([undefined, 5])
})
