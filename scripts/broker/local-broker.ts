import { tryLogin } from './amqp-login'
import type { Way } from './found-broker'

const url = 'amqp://guest:guest@127.0.0.1:5672'

/** A broker on this machine's usual port that lets `guest` in. */
export async function localBroker(): Promise<Way> {
  const result = await tryLogin(url, 5_000)
  if (!result.ok) return { why: `no usable broker on 127.0.0.1:5672: ${result.why}` }
  return { broker: { url, how: `RabbitMQ ${result.version} on 127.0.0.1:5672`, stop: async () => {} } }
}
