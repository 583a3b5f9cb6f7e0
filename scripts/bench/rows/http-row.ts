import { withAllRunning } from '../all-running'
import type { BenchParts, BenchRow } from '../bench-row'
import { compare, type Sample } from '../comparison'
import { yardstick, type Publisher } from '../contestant'
import { publishers } from '../contestants'
import { emptyQueue } from '../empty-queue'
import { postWhile } from '../http-load'
import { cpuMicrosOf, cpuPerMessage } from '../process-facts'
import { alternate } from '../rounds'
import { paymentBody } from '../sample-bodies'
import type { Running } from '../start-contestant'

const connections = 50
const sizes = { quick: { rounds: 5, roundMs: 1_500 }, full: { rounds: 7, roundMs: 10_000 } }

/** One request, one message on a quorum queue, one `202` once the broker has confirmed it. */
export async function httpRow(parts: BenchParts): Promise<BenchRow> {
  const { rounds, roundMs } = sizes[parts.size]
  const samples = await withAllRunning(await publishers(parts), (running) =>
    alternate(running, { rounds, asked: parts.asked }, (one) => turn(one, roundMs, parts)),
  )
  return {
    title: 'Confirmed publish over HTTP',
    how: `${connections} connections, ${rounds} rounds of ${roundMs / 1_000} s each, in alternating order`,
    drawn: cpuPerMessage,
    against: 'the bare',
    results: compare(samples, yardstick),
  }
}

async function turn(
  { contestant, pid, name }: Running<Publisher>,
  roundMs: number,
  parts: BenchParts,
): Promise<Sample> {
  const { url } = contestant
  const startedAt = performance.now()
  const cpuBefore = cpuMicrosOf(pid)
  const goOn = () => performance.now() - startedAt < roundMs
  const answered = await postWhile({ url, body: paymentBody, connections, goOn })
  const cpuMicros = cpuMicrosOf(pid) - cpuBefore
  const perSecond = (answered / (performance.now() - startedAt)) * 1_000
  parts.say(`publish: ${name} ${Math.round(perSecond)} /s`)
  await emptyQueue(contestant, answered, parts)
  return { 'messages/s': perSecond, [cpuPerMessage]: cpuMicros / answered }
}
