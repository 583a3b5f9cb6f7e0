import { Agent } from 'node:http'
import type { BenchParts, BenchRow } from './bench-row'
import { compare, type Sample } from './comparison'
import { yardstick } from './contestant'
import { latencySample, latencyTimes, p99, sharedRate } from './latency'
import { openLoop } from './open-loop'
import { alternate } from './rounds'

/** What the rows of latency differ in. */
export interface LatencyJob<C> {
  /** Until what latency counts: `202`. */
  readonly until: string
  /** Requests per second in a closed loop. */
  readonly capacity: (contestant: C) => Promise<number>
  /** Sends one request; resolves with when it came to its end, in monotonic milliseconds or as a promise of that. */
  readonly send: (contestant: C, agent: Agent) => Promise<number>
  /** After each turn, with how many were sent. */
  readonly tidy?: (contestant: C, sent: number) => Promise<void>
}

/** Latency from when a request was due, at one rate that all contestants can keep up with. */
export async function latencyRow<C extends { readonly name: string }>(
  contestants: readonly C[],
  parts: BenchParts,
  job: LatencyJob<C>,
): Promise<BenchRow> {
  const { rounds, roundMs } = latencyTimes[parts.size]
  const perSecond = await sharedRate(contestants, parts, job.capacity)
  const turn = (one: C) => latencyTurn(one, { perSecond, durationMs: roundMs }, parts, job)
  const samples = await alternate(contestants, { rounds, asked: parts.asked }, turn)
  return {
    title: `Latency until ${job.until}`,
    how: `${perSecond} requests/s, which is 30 % of the slowest, ${rounds} rounds of ${roundMs / 1_000} s each`,
    drawn: p99,
    against: 'the bare',
    results: compare(samples, yardstick),
  }
}

interface Load {
  readonly perSecond: number
  readonly durationMs: number
}

async function latencyTurn<C extends { readonly name: string }>(
  one: C,
  load: Load,
  { say }: BenchParts,
  { until, send, tidy }: LatencyJob<C>,
): Promise<Sample> {
  const agent = new Agent({ keepAlive: true })
  try {
    const latencies = await openLoop({ ...load, send: () => send(one, agent) })
    const sample = latencySample(latencies)
    say(`latency until ${until}: ${one.name} p99 ${sample[p99]?.toFixed(1)} ms`)
    await tidy?.(one, latencies.length)
    return sample
  } finally {
    agent.destroy()
  }
}
