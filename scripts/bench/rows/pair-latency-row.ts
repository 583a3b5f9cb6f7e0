import { Acks } from '../acks'
import { withAllRunning } from '../all-running'
import type { BenchParts, BenchRow } from '../bench-row'
import type { Pair } from '../contestant'
import { pairs } from '../contestants'
import { postWhile } from '../http-load'
import { latencyTimes } from '../latency'
import { latencyRow } from '../latency-row'
import { monotonicMs } from '../monotonic-clock'
import { post } from '../post'
import { webhookBody } from '../sample-bodies'
import { watched } from '../watched'

interface WatchedPair extends Pair {
  readonly acks: Acks
}

/** From the moment at which a request was due until its message has been processed and is acked. */
export async function pairLatencyRow(parts: BenchParts): Promise<BenchRow> {
  const all = (await pairs(parts)).map(withAcks)
  return withAllRunning(all.flatMap(halves), () =>
    latencyRow(all, parts, {
      until: 'processed and acked',
      capacity: (pair) => capacity(pair, parts),
      send: async ({ publisher, acks }, agent) => {
        const { serial, ackedAt } = acks.expect()
        await post(publisher.url, webhookBody(serial), agent)
        return ackedAt
      },
    }),
  )
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
