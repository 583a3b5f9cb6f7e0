import type { Random } from '../runtime/backoff'
import { openRabbitmqTransport, type RabbitmqOptions } from './rabbitmq/rabbitmq-transport'
import type { Transport } from './transport'

/** What a service says to have its messages carried; the scheme of `url` chooses the transport. */
export type OpenTransportOptions = Omit<RabbitmqOptions, 'random'> & { readonly random?: Random }

/**
 * Opens the transport that the URL names. Resolves even while the broker is away; rejects when the URL makes no sense
 * or what stands at the broker does not fit. The only place that knows every adapter.
 */
export async function openTransport(options: OpenTransportOptions): Promise<Transport> {
  const scheme = /^([a-z]+):\/\//.exec(options.url)?.[1]
  if (scheme === 'amqp' || scheme === 'amqps') return openRabbitmqTransport({ random: Math.random, ...options })
  throw new Error(`BROKER_URL has the scheme "${scheme ?? ''}"; use amqp:// or amqps://`)
}
