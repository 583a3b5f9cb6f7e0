import type { Random } from '../runtime/backoff'
import type { ClosableJournalLog } from './journal-log'
import { openRabbitmqJournal, type RabbitmqJournalOptions } from './rabbitmq/open-journal'

export type OpenJournalLogOptions = Omit<RabbitmqJournalOptions, 'random'> & { readonly random?: Random }

/**
 * Opens the log of steps at the broker that the URL names, for whoever reads it and carries no messages; the scheme chooses the
 * adapter. Declares nothing, and waits until somebody has; connects when it is first used. Throws when the URL makes no sense.
 */
export function openJournalLog(options: OpenJournalLogOptions): ClosableJournalLog {
  const scheme = /^\s*([a-z]+):\/\//.exec(options.url)?.[1]
  if (scheme === 'amqp' || scheme === 'amqps') return openRabbitmqJournal({ random: Math.random, ...options })
  throw new Error(`BROKER_URL has the scheme "${scheme ?? ''}"; use amqp:// or amqps://`)
}
