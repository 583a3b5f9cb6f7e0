import type { BenchParts, BenchRow } from '../bench-row'
import type { Consumer, Contestant, Publisher } from '../contestant'
import { bothAlone } from '../contestants'
import { emptyQueue } from '../empty-queue'
import { fills } from '../fills'
import { postWhile } from '../http-load'
import { askable } from '../kept-memory'
import { memoryFloor } from '../memory-floor'
import { memoryAtEnd, memoryGrowth, type Reading } from '../memory-growth'
import { residentBytesOf } from '../process-facts'
import { paymentBody } from '../sample-bodies'
import { startContestant } from '../start-contestant'

const sizes = { quick: { messages: 30_000, intervals: 10 }, full: { messages: 1_000_000, intervals: 50 } }
const connections = 50
const emptyWithinMs = 300_000

/** One whose memory is read, and how so many messages are put through it. */
interface Load {
  readonly contestant: Contestant
  readonly feed: (count: number) => Promise<void>
}

/** Resident memory of one process after another while many messages pass through it. */
export async function memoryRow(parts: BenchParts): Promise<BenchRow> {
  const { messages, intervals } = sizes[parts.size]
  const { publishing, consuming } = await bothAlone(parts)
  const loads = [
    ...publishing.map((one) => publishLoad(one, parts)),
    ...consuming.map((one) => consumeLoad(one, parts)),
  ]
  const results: BenchRow['results'][number][] = []
  for (const load of loads) {
    const sample = memoryGrowth(await readingsOf(load, parts))
    const figures = Object.fromEntries(Object.entries(sample).map(([what, median]) => [what, { median }]))
    results.push({ name: load.contestant.name, figures })
  }
  const how = `${messages} messages, the least resident memory in each of ${intervals} intervals, slope over the second half`
  return { title: 'Resident memory', how, drawn: memoryAtEnd, results }
}

async function readingsOf({ contestant, feed }: Load, { size, asked, say }: BenchParts): Promise<readonly Reading[]> {
  const { messages, intervals } = sizes[size]
  const asking = askable(contestant)
  const { pid, name, stop } = await startContestant(asking.contestant)
  try {
    const readings: Reading[] = [{ messages: 0, bytes: residentBytesOf(pid) }]
    const startedAt = performance.now()
    for (let done = 1; done <= intervals; done++) {
      if (asked.aborted) throw new Error(`stopped: ${String(asked.reason)}`)
      const bytes = await memoryFloor(pid, () => feed(messages / intervals))
      const isAsked = done * 2 === intervals || done === intervals
      const kept = isAsked ? { keptBytes: await asking.keptBytes(pid) } : {}
      readings.push({ messages: (messages / intervals) * done, bytes, ...kept })
      const leftMs = ((performance.now() - startedAt) / done) * (intervals - done)
      if (done % 5 === 0) say(`memory: ${name} ${(100 * done) / intervals} %, ${Math.ceil(leftMs / 1_000)} s left`)
    }
    return readings
  } finally {
    await stop()
  }
}

function publishLoad(contestant: Publisher, parts: BenchParts): Load {
  const feed = async (count: number) => {
    const goOn = (sent: number) => sent < count
    await emptyQueue(contestant, await postWhile({ url: contestant.url, body: paymentBody, connections, goOn }), parts)
  }
  return { contestant, feed }
}

function consumeLoad(contestant: Consumer, { broker }: BenchParts): Load {
  const feed = async (count: number) => {
    await broker.fill(contestant.queue, fills(contestant, count))
    await broker.untilEmpty(contestant.queue, AbortSignal.timeout(emptyWithinMs))
  }
  return { contestant, feed }
}
