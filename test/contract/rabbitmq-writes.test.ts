/** How messages come to the socket: each write is a system call, and under load they are what publishing costs. */
import type { Socket } from 'node:net'
import type { ConfirmChannel } from 'amqplib/callback_api'
import { parseAddresses, type Address } from '../../shared/messaging/rabbitmq/address'
import { Link } from '../../shared/messaging/rabbitmq/link'
import { writeMessage } from '../../shared/messaging/rabbitmq/write-message'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { noTls } from './open-rabbitmq'

const broker = useBroker()

async function openLink(): Promise<Link> {
  const [address] = parseAddresses(broker.url)
  const link = await Link.open(address as Address, 'writes', noTls, () => {})
  atEnd(() => link.close())
  return link
}

/** To a queue that is not there: confirmed all the same. */
function write(raw: ConfirmChannel, confirmed: (error: Error | null) => void) {
  const properties = { persistent: true, messageId: 'm' }
  const outgoing = {
    exchange: '',
    routingKey: 'nowhere',
    body: Buffer.alloc(100),
    properties,
    nackMeans: 'unknown',
  } as const
  return writeMessage(raw, outgoing, 'guest', confirmed)
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
