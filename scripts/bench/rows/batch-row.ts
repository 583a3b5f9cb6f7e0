import { withAllRunning } from '../all-running'
import type { BenchParts, BenchRow } from '../bench-row'
import { compare, type Sample } from '../comparison'
import type { Publisher } from '../contestant'
import { batchPublishers, pipelined } from '../contestants'
import { emptyQueue } from '../empty-queue'
import { cpuMicrosOf, cpuPerMessage } from '../process-facts'
import { alternate } from '../rounds'
import type { Running } from '../start-contestant'
import { streamFor } from '../stream-load'

const sizes = { quick: { rounds: 5, roundMs: 1_500 }, full: { rounds: 7, roundMs: 10_000 } }

/** Events in one stream, each with an outcome once the broker has confirmed it, against a publisher that nobody feeds. */
export async function batchRow(parts: BenchParts): Promise<BenchRow> {
  const { rounds, roundMs } = sizes[parts.size]
  const samples = await withAllRunning(await batchPublishers(parts), (running) =>
    alternate(running, { rounds, asked: parts.asked }, (one) => turn(one, roundMs, parts)),
  )
  return {
    title: 'Confirmed publish in a stream',
    how: `one NDJSON stream of CloudEvents, against amqplib alone with 512 confirms awaited; ${rounds} rounds of ${roundMs / 1_000} s each, in alternating order`,
    drawn: 'messages/s',
    against: 'the bare',
    results: compare(samples, pipelined),
  }
}

async function turn(
  { contestant, pid, name }: Running<Publisher>,
  roundMs: number,
  parts: BenchParts,
): Promise<Sample> {
  const startedAt = performance.now()
  const cpuBefore = cpuMicrosOf(pid)
  const confirmed = await (contestant.name.startsWith('Handoff')
    ? streamFor(contestant.url, roundMs)
    : publishedAlone(contestant.url, roundMs))
  const perSecond = (confirmed / (performance.now() - startedAt)) * 1_000
  const cpuMicros = cpuMicrosOf(pid) - cpuBefore
  parts.say(`stream: ${name} ${Math.round(perSecond)} /s`)
  await emptyQueue(contestant, confirmed, parts)
  return { 'messages/s': perSecond, [cpuPerMessage]: cpuMicros / confirmed }
}

async function publishedAlone(url: string, ms: number): Promise<number> {
  const answer = await fetch(`${url}?ms=${ms}`, { method: 'POST' })
  return ((await answer.json()) as { confirmed: number }).confirmed
}
