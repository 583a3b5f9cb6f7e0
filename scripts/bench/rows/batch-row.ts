import { withAllRunning } from '../all-running'
import { cpuMicrosAtRest } from '../at-rest'
import type { BenchParts, BenchRow } from '../bench-row'
import { compare, type Sample } from '../comparison'
import type { Publisher } from '../contestant'
import { batchPublishers, streamed, unfed } from '../contestants'
import { emptyQueue } from '../empty-queue'
import { cpuMicrosOf, cpuPerMessage } from '../process-facts'
import { alternate } from '../rounds'
import type { Running } from '../start-contestant'
import { streamFor } from '../stream-load'

const sizes = { quick: { rounds: 5, roundMs: 1_500 }, full: { rounds: 7, roundMs: 10_000 } }

/** Events in one stream, each with an outcome once the broker has confirmed it. */
export async function batchRow(parts: BenchParts): Promise<BenchRow> {
  const { rounds, roundMs } = sizes[parts.size]
  const samples = await withAllRunning(await batchPublishers(parts), (running) =>
    alternate(running, { rounds, asked: parts.asked }, (one) => turn(one, roundMs, parts)),
  )
  return {
    title: 'Confirmed publish in a stream',
    how: `one NDJSON stream of CloudEvents, 512 confirms awaited; ${rounds} rounds of ${roundMs / 1_000} s each, in alternating order`,
    drawn: 'messages/s',
    against: 'the bare',
    results: compare(samples, streamed),
  }
}

async function turn(running: Running<Publisher>, roundMs: number, parts: BenchParts): Promise<Sample> {
  const { contestant, pid, name } = running
  const startedAt = performance.now()
  const cpuBefore = cpuMicrosOf(pid)
  const confirmed = await (contestant.name.startsWith(unfed)
    ? publishedAlone(contestant.url, roundMs)
    : streamFor(contestant.url, roundMs))
  const perSecond = (confirmed / (performance.now() - startedAt)) * 1_000
  parts.say(`stream: ${name} ${Math.round(perSecond)} /s`)
  await emptyQueue(contestant, confirmed, parts)
  const cpuMicros = (await cpuMicrosAtRest(running)) - cpuBefore
  return { 'messages/s': perSecond, [cpuPerMessage]: cpuMicros / confirmed }
}

async function publishedAlone(url: string, ms: number): Promise<number> {
  const answer = await fetch(`${url}?ms=${ms}`, { method: 'POST' })
  return ((await answer.json()) as { confirmed: number }).confirmed
}
