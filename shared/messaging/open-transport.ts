import type { Random } from '../runtime/backoff'
import type { JournalLog } from './journal-log'
import { openRabbitmqTransport, type RabbitmqOptions } from './rabbitmq/rabbitmq-transport'
import type { ReplyLine } from './reply-line'
import type { Transport } from './transport'

/** What a service says to have its messages carried; the scheme of `url` chooses the transport. */
export type OpenTransportOptions = Omit<RabbitmqOptions, 'random'> & { readonly random?: Random }

/** A transport, the log that the steps of its messages are kept in, and the way back to whoever waits for one. */
export interface OpenedTransport extends Transport {
  readonly journal: JournalLog
  readonly replies: ReplyLine
}

/**
 * Opens the transport that the URL names. Resolves even while the broker is away; rejects when the URL makes no sense
 * or what stands at the broker does not fit. The only place that knows every adapter.
 */
export async function openTransport(options: OpenTransportOptions): Promise<OpenedTransport> {
  const scheme = /^([a-z]+):\/\//.exec(options.url)?.[1]
  if (scheme === 'amqp' || scheme === 'amqps') return openRabbitmqTransport({ random: Math.random, ...options })
  throw new Error(`BROKER_URL has the scheme "${scheme ?? ''}"; use amqp:// or amqps://`)
}
