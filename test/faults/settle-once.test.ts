/** A delivery is settled once, whatever asks twice: a second ack would close the channel with all that is on it. */
import type { ConsumeMessage } from 'amqplib'
import { parseAddresses, type Address } from '../../shared/messaging/rabbitmq/address'
import { Link } from '../../shared/messaging/rabbitmq/link'
import { Publisher } from '../../shared/messaging/rabbitmq/publisher'
import { historyOf } from '../../shared/messaging/rabbitmq/history'
import type { Received } from '../../shared/messaging/rabbitmq/received'
import { Settler } from '../../shared/messaging/rabbitmq/settler'
import { namesOf } from '../../shared/messaging/rabbitmq/names'
import { noTls, openRabbitmq } from '../contract/open-rabbitmq'
import { ack, envelopeOf, freshGroups } from '../contract/transport-fixtures'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'

const broker = useBroker()

test('a second settle is counted and does nothing; the channel lives on', async () => {
  const { payments, command, all } = freshGroups()
  const { transport } = await openRabbitmq(broker.url, all)
  const link = await Link.open(parseAddresses(broker.url)[0] as Address, 'test', noTls)
  atEnd(() => link.close())
  const stale: string[] = []
  const settler = new Settler({
    names: namesOf('test'),
    publisher: new Publisher(() => Promise.resolve()),
    sendLater: () => Promise.resolve({ outcome: 'not_accepted', detail: 'nothing waits here' }),
    repair: () => Promise.resolve(),
    events: { fault: () => {}, staleSettle: (group) => stale.push(group) },
    random: Math.random,
  })
  const channel = await link.openChannel()
  const received: Received[] = []
  const queue = `test.${payments.name}.v1`
  const receivedAs = (message: ConsumeMessage): Received => {
    const history = historyOf(message, new Date().toISOString())
    return { message, channel, queue, history }
  }
  channel.raw.consume(queue, (message) => message && received.push(receivedAs(message)), {})
  await transport.publish(envelopeOf(command.type), { kind: 'command' })
  const first = await eventually('a delivery', () => received[0])
  const settle = (each: Received) =>
    settler.handle(each, payments, () => Promise.resolve({ verdict: ack, attempt: 1 }), new AbortController().signal)
  await settle(first)
  await settle(first)
  settler.giveBack(first, payments)
  expect(stale).toEqual([payments.name, payments.name])
  await transport.publish(envelopeOf(command.type), { kind: 'command' })
  await settle(await eventually('the next delivery', () => received[1]))
  await channel.close()
  expect([channel.isClosed(), link.lostReason]).toEqual([true, undefined])
})
