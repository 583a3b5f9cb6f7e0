/** How messages come to the socket: each write is a system call, and under load they are what publishing costs. */
import type { Socket } from 'node:net'
import type { Message } from 'amqplib'
import type { ConfirmChannel } from 'amqplib/callback_api'
import { parseAddresses, type Address } from '../../shared/messaging/rabbitmq/address'
import { Link } from '../../shared/messaging/rabbitmq/link'
import { Publisher } from '../../shared/messaging/rabbitmq/publisher'
import { Publishes, type Confirmed } from '../../shared/messaging/rabbitmq/publishes'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { noTls } from './open-rabbitmq'

const broker = useBroker()

async function openLink(): Promise<Link> {
  const [address] = parseAddresses(broker.url)
  const link = await Link.open(address as Address, 'writes', noTls)
  atEnd(() => link.close())
  return link
}

/** To a queue that is not there: confirmed all the same. */
function outgoing(messageId = 'm') {
  const properties = { persistent: true, messageId }
  return { exchange: '', routingKey: 'nowhere', body: Buffer.alloc(100), properties, nackMeans: 'unknown' } as const
}

/** Headers have to fit into one frame of the size that was agreed on. */
function tooLarge() {
  const { properties, ...others } = outgoing()
  return { ...others, properties: { ...properties, headers: { stack: 'x'.repeat(200_000) } } }
}

const ids = (count: number) => Array.from({ length: count }, (_, at) => `m${at}`)

function write(raw: ConfirmChannel, confirmed: Confirmed) {
  const publishes = new Publishes(raw, 'guest')
  publishes.add(outgoing(), confirmed)
  publishes.flush()
}

test('what is published in one turn of the event loop is written at once', async () => {
  const { raw } = await (await openLink()).openConfirmChannel()
  const { stream } = raw.connection as unknown as { readonly stream: Socket }
  const writes = [jest.spyOn(stream, '_write'), jest.spyOn(stream, '_writev' as '_write')]
  const confirmed = Array.from(
    { length: 100 },
    () => new Promise<void>((resolve, reject) => write(raw, (error) => (error ? reject(error) : resolve()))),
  )
  await Promise.all(confirmed)
  const count = writes.reduce((all, { mock }) => all + mock.calls.length, 0)
  expect(count).toBeGreaterThanOrEqual(1)
  expect(count).toBeLessThanOrEqual(3)
})

test('those of one flush are confirmed each, in their order, also where amqplib has to frame one', async () => {
  const { raw } = await (await openLink()).openConfirmChannel()
  const publishes = new Publishes(raw, 'guest')
  const returned: unknown[] = []
  raw.on('return', ({ properties }: Message) => returned.push(properties.messageId))
  const ids = Array.from({ length: 1_000 }, (_, at) => (at % 7 === 0 ? `ü${at}` : `m${at}`))
  const confirmed: string[] = []
  const all = ids.map(
    (id, at) =>
      new Promise<void>((resolve, reject) => {
        if (at % 100 === 50) expect(() => publishes.add(tooLarge(), reject)).toThrow(RangeError)
        publishes.add(outgoing(id), (error) => {
          confirmed.push(id)
          return error ? reject(error) : resolve()
        })
      }),
  )
  publishes.flush()
  await Promise.all(all)
  expect(returned).toEqual(ids)
  expect(confirmed).toEqual(ids)
})

test('a publisher hands what is published in one turn on as one piece', async () => {
  const link = await openLink()
  const publisher = new Publisher(() => Promise.resolve())
  await publisher.open(link)
  const pieces = jest.spyOn(Publishes.prototype, 'flush')
  atEnd(() => pieces.mockRestore())
  const results = await Promise.all(ids(100).map((id) => publisher.publish(outgoing(id))))
  expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['unroutable']))
  expect(pieces).toHaveBeenCalledTimes(1)
})

describe('nothing is written, and the caller is told,', () => {
  const nothingIsTaken = (raw: ConfirmChannel) => {
    const confirmed = jest.fn()
    expect(() => write(raw, confirmed)).toThrow(expect.objectContaining({ name: 'IllegalOperationError' }) as Error)
    expect(confirmed).not.toHaveBeenCalled()
  }

  test('while its channel closes and afterwards', async () => {
    const { raw } = await (await openLink()).openConfirmChannel()
    const closed = new Promise<unknown>((resolve) => raw.close(resolve))
    nothingIsTaken(raw)
    await closed
    nothingIsTaken(raw)
  })

  test('while its connection closes and afterwards', async () => {
    const link = await openLink()
    const { raw } = await link.openConfirmChannel()
    const closed = link.close()
    nothingIsTaken(raw)
    await closed
    nothingIsTaken(raw)
  })
})
