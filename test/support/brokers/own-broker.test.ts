import { tryLogin } from '../../../scripts/broker/amqp-login'
import { connectRaw } from '../amqp-client'
import { eventually } from '../eventually'
import { useOwnBroker } from '../own-broker'

const broker = useOwnBroker()
const quorum = { durable: true, arguments: { 'x-queue-type': 'quorum' } }

async function put(queue: string): Promise<void> {
  const raw = await connectRaw(broker.url)
  await raw.channel.assertQueue(queue, quorum)
  await raw.publishRaw('', queue, Buffer.from('kept'), { persistent: true })
}

async function take(queue: string): Promise<string> {
  const raw = await connectRaw(broker.url)
  return (await eventually('the message', () => raw.get(queue))).content.toString()
}

test.each(['stop', 'kill'] as const)('after %s and start, port and messages are the same', async (end) => {
  const { url } = broker
  await put(end)
  await broker[end]()
  expect(await tryLogin(url, 2_000)).toMatchObject({ ok: false })
  await broker.start()
  expect(broker.url).toBe(url)
  expect(await take(end)).toBe('kept')
  expect((await broker.management.queue(end)).arguments).toEqual(quorum.arguments)
})

test('while it is paused it is silent, and afterwards it goes on', async () => {
  await put('paused')
  await broker.pause()
  expect(await tryLogin(broker.url, 1_000)).toMatchObject({
    ok: false,
    why: expect.stringMatching(/ETIMEDOUT|no answer/) as string,
  })
  await broker.resume()
  expect(await take('paused')).toBe('kept')
})
