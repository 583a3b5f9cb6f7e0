import type { BenchParts } from './bench-row'
import { alternate } from './rounds'
import { percentile } from './percentile'
import type { Sample } from './comparison'

export const latencyTimes = {
  quick: { rounds: 5, roundMs: 1_500, capacityMs: 1_000, connections: 50 },
  full: { rounds: 7, roundMs: 15_000, capacityMs: 5_000, connections: 50 },
}

/** The names of two figures. */
const p50 = 'p50 ms'
export const p99 = 'p99 ms'

/** What a round's latencies come to. */
export function latencySample(latencies: readonly number[]): Sample {
  return { [p50]: percentile(latencies, 50), [p99]: percentile(latencies, 99) }
}

const loadShare = 0.3

/**
 * One rate for all, so that each has to do the same: 30 % of what the slowest of them can do in a closed loop, measured
 * just before, once they are warm.
 */
export async function sharedRate<C extends { readonly name: string }>(
  contestants: readonly C[],
  { asked, say }: Pick<BenchParts, 'asked' | 'say'>,
  capacityOf: (contestant: C) => Promise<number>,
): Promise<number> {
  const capacities = await alternate(contestants, { rounds: 1, asked }, capacityOf)
  const slowest = Math.min(...[...capacities.values()].flat())
  const perSecond = Math.max(1, Math.floor(slowest * loadShare))
  say(`latency: the slowest does ${Math.round(slowest)} /s; the rate is ${perSecond} /s`)
  return perSecond
}
