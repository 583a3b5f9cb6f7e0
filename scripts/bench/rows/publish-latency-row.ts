import { Agent } from 'node:http'
import { withAllRunning } from '../all-running'
import type { BenchParts, BenchRow } from '../bench-row'
import { compare, type Sample } from '../comparison'
import { yardstick, type Publisher } from '../contestant'
import { publishers } from '../contestants'
import { emptyQueue } from '../empty-queue'
import { postWhile } from '../http-load'
import { latencySample, latencyTimes, p99, sharedRate } from '../latency'
import { monotonicMs } from '../monotonic-clock'
import { openLoop } from '../open-loop'
import { post } from '../post'
import { alternate } from '../rounds'
import { paymentBody } from '../sample-bodies'
import type { Running } from '../start-contestant'

/** From the moment at which a request was due until its 202 is there, at a rate that all of them can keep up with. */
export async function publishLatencyRow(parts: BenchParts): Promise<BenchRow> {
  const { rounds, roundMs } = latencyTimes[parts.size]
  return withAllRunning(await publishers(parts), async (running) => {
    const perSecond = await sharedRate(running, parts, (one) => capacity(one, parts))
    const samples = await alternate(running, { rounds, asked: parts.asked }, (one) =>
      turn(one, { perSecond, durationMs: roundMs }, parts),
    )
    return {
      title: 'Latency until 202',
      how: `${perSecond} requests/s, which is 30 % of the slowest, ${rounds} rounds of ${roundMs / 1_000} s each`,
      drawn: p99,
      against: 'the bare',
      results: compare(samples, yardstick),
    }
  })
}

async function capacity({ contestant }: Running<Publisher>, parts: BenchParts): Promise<number> {
  const { capacityMs, connections } = latencyTimes[parts.size]
  const startedAt = monotonicMs()
  const goOn = () => monotonicMs() - startedAt < capacityMs
  const answered = await postWhile({ url: contestant.url, body: paymentBody, connections, goOn })
  await emptyQueue(contestant, answered, parts)
  return (answered * 1_000) / (monotonicMs() - startedAt)
}

interface Load {
  readonly perSecond: number
  readonly durationMs: number
}

async function turn({ contestant, name }: Running<Publisher>, load: Load, parts: BenchParts): Promise<Sample> {
  const { url } = contestant
  const agent = new Agent({ keepAlive: true })
  try {
    const send = async () => (await post(url, paymentBody(), agent), monotonicMs())
    const latencies = await openLoop({ ...load, send })
    const sample = latencySample(latencies)
    parts.say(`latency until 202: ${name} p99 ${sample[p99]?.toFixed(1)} ms`)
    await emptyQueue(contestant, latencies.length, parts)
    return sample
  } finally {
    agent.destroy()
  }
}
