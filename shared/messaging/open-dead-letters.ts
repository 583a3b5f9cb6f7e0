import type { DeadLetters } from './dead-letters'
import { openRabbitmqDeadLetters, type RabbitmqDeadLettersOptions } from './rabbitmq/rabbitmq-dead-letters'

/**
 * Opens the dead letters at the broker that the URL names; the scheme chooses the adapter. Rejects within seconds when
 * the broker cannot be reached.
 */
export async function openDeadLetters(options: RabbitmqDeadLettersOptions): Promise<DeadLetters> {
  const scheme = /^\s*([a-z]+):\/\//.exec(options.url)?.[1]
  if (scheme === 'amqp' || scheme === 'amqps') return openRabbitmqDeadLetters(options)
  throw new Error(`BROKER_URL has the scheme "${scheme ?? ''}"; use amqp:// or amqps://`)
}
