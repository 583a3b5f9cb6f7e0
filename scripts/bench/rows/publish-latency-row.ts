import { withAllRunning } from '../all-running'
import type { BenchParts, BenchRow } from '../bench-row'
import type { Publisher } from '../contestant'
import { publishers } from '../contestants'
import { emptyQueue } from '../empty-queue'
import { postWhile } from '../http-load'
import { latencyTimes } from '../latency'
import { latencyRow } from '../latency-row'
import { monotonicMs } from '../monotonic-clock'
import { post } from '../post'
import { paymentBody } from '../sample-bodies'
import type { Running } from '../start-contestant'

/** From the moment at which a request was due until its 202 is there. */
export async function publishLatencyRow(parts: BenchParts): Promise<BenchRow> {
  return withAllRunning(await publishers(parts), (running) =>
    latencyRow(running, parts, {
      until: '202',
      capacity: (one) => capacity(one, parts),
      send: async ({ contestant }, agent) => (await post(contestant.url, paymentBody(), agent), monotonicMs()),
      tidy: ({ contestant }, sent) => emptyQueue(contestant, sent, parts),
    }),
  )
}

async function capacity({ contestant }: Running<Publisher>, parts: BenchParts): Promise<number> {
  const { capacityMs, connections } = latencyTimes[parts.size]
  const startedAt = monotonicMs()
  const goOn = () => monotonicMs() - startedAt < capacityMs
  const answered = await postWhile({ url: contestant.url, body: paymentBody, connections, goOn })
  await emptyQueue(contestant, answered, parts)
  return (answered * 1_000) / (monotonicMs() - startedAt)
}
