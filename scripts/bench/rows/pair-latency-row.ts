import { Agent } from 'node:http'
import { Acks } from '../acks'
import { withAllRunning } from '../all-running'
import type { BenchParts, BenchRow } from '../bench-row'
import { compare, type Sample } from '../comparison'
import { watched } from '../watched'
import { yardstick, type Pair } from '../contestant'
import { pairs } from '../contestants'
import { postWhile } from '../http-load'
import { latencySample, latencyTimes, p99, sharedRate } from '../latency'
import { monotonicMs } from '../monotonic-clock'
import { openLoop } from '../open-loop'
import { post } from '../post'
import { alternate } from '../rounds'
import { webhookBody } from '../sample-bodies'

interface WatchedPair extends Pair {
  readonly acks: Acks
}

/** From the moment at which a request was due until its message has been processed and is acked. */
export async function pairLatencyRow(parts: BenchParts): Promise<BenchRow> {
  const { rounds, roundMs } = latencyTimes[parts.size]
  const all = (await pairs(parts)).map(withAcks)
  return withAllRunning(all.flatMap(halves), async (): Promise<BenchRow> => {
    const perSecond = await sharedRate(all, parts, (pair) => capacity(pair, parts))
    const samples = await alternate(all, { rounds, asked: parts.asked }, (pair) =>
      turn(pair, { perSecond, durationMs: roundMs }, parts),
    )
    return {
      title: 'Latency until processed and acked',
      how: `${perSecond} requests/s, which is 30 % of the slowest, ${rounds} rounds of ${roundMs / 1_000} s each`,
      drawn: p99,
      against: 'the bare',
      results: compare(samples, yardstick),
    }
  })
}

function withAcks(pair: Pair): WatchedPair {
  const acks = new Acks()
  return { ...pair, consumer: watched(pair.consumer, acks.hear), acks }
}

function halves({ publisher, consumer }: Pair) {
  return [publisher, consumer]
}

async function capacity({ publisher, acks }: WatchedPair, { size }: BenchParts): Promise<number> {
  const { capacityMs, connections } = latencyTimes[size]
  const acked: Promise<number>[] = []
  const body = () => {
    const { serial, ackedAt } = acks.expect()
    acked.push(ackedAt)
    return webhookBody(serial)
  }
  const startedAt = monotonicMs()
  await postWhile({ url: publisher.url, body, connections, goOn: () => monotonicMs() - startedAt < capacityMs })
  const endedAt = Math.max(...(await Promise.all(acked)))
  return (acked.length * 1_000) / (endedAt - startedAt)
}

interface Load {
  readonly perSecond: number
  readonly durationMs: number
}

async function turn({ name, publisher, acks }: WatchedPair, load: Load, { say }: BenchParts): Promise<Sample> {
  const agent = new Agent({ keepAlive: true })
  const send = async () => {
    const { serial, ackedAt } = acks.expect()
    await post(publisher.url, webhookBody(serial), agent)
    return ackedAt
  }
  try {
    const sample = latencySample(await openLoop({ ...load, send }))
    say(`latency until acked: ${name} p99 ${sample[p99]?.toFixed(1)} ms`)
    return sample
  } finally {
    agent.destroy()
  }
}
