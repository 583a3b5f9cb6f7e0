/** How often the socket is written to: each time is a system call, and under load they are what publishing costs. */
import type { Socket } from 'node:net'
import { parseAddresses, type Address } from '../../shared/messaging/rabbitmq/address'
import { Link } from '../../shared/messaging/rabbitmq/link'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { noTls } from './open-rabbitmq'

const broker = useBroker()

test('what is published in one turn of the event loop is written at once', async () => {
  const [address] = parseAddresses(broker.url)
  const link = await Link.open(address as Address, 'writes', noTls, () => {})
  atEnd(() => link.close())
  const { raw } = await link.openConfirmChannel()
  const { stream } = raw.connection as unknown as { readonly stream: Socket }
  const writes = [jest.spyOn(stream, '_write'), jest.spyOn(stream, '_writev' as '_write')]
  const confirmed = Array.from(
    { length: 100 },
    () =>
      new Promise<void>((resolve, reject) =>
        raw.publish('', 'nowhere', Buffer.alloc(100), {}, (error: Error | null) => (error ? reject(error) : resolve())),
      ),
  )
  await Promise.all(confirmed)
  const count = writes.reduce((all, { mock }) => all + mock.calls.length, 0)
  expect(count).toBeGreaterThanOrEqual(1)
  expect(count).toBeLessThanOrEqual(3)
})
