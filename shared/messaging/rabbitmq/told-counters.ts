import type { Counters } from '../broker-objects'

/** What management counts of an exchange or a queue. It tells none of it of what nothing has come through, or where statistics are off. */
export interface ToldCounters {
  /** An empty one may be told as a list. */
  readonly message_stats?: Readonly<Record<string, unknown>> | readonly [] | null
}

export function exchangeCounters(told: ToldCounters): { readonly counters?: Counters } {
  return counted(sumOf(told, ['publish_in']), sumOf(told, ['publish_out']))
}

/** What is taken without an ack is gone as well. */
export function queueCounters(told: ToldCounters): { readonly counters?: Counters } {
  return counted(sumOf(told, ['publish']), sumOf(told, ['ack', 'deliver_no_ack', 'get_no_ack']))
}

function counted(came: number | undefined, went: number | undefined): { readonly counters?: Counters } {
  if (came === undefined && went === undefined) return {}
  return { counters: { ...(came !== undefined && { in: came }), ...(went !== undefined && { out: went }) } }
}

function sumOf({ message_stats: stats }: ToldCounters, names: readonly string[]): number | undefined {
  const told = names.map((name) => (stats as Readonly<Record<string, unknown>> | null | undefined)?.[name])
  const numbers = told.filter((value) => typeof value === 'number')
  return numbers.length === 0 ? undefined : numbers.reduce((sum, value) => sum + value, 0)
}
