import type { BenchParts, BenchRow } from '../bench-row'
import { compare, type Sample } from '../comparison'
import { yardstick, type Publisher } from '../contestant'
import { publishers } from '../contestants'
import { residentBytesOf } from '../process-facts'
import { alternate } from '../rounds'
import { startContestant } from '../start-contestant'

const rounds = { quick: 5, full: 15 }
const mebibyte = 1_048_576

/** From the start of a publisher's process until it can take requests, and the memory it has then. */
export async function startRow(parts: BenchParts): Promise<BenchRow> {
  const count = rounds[parts.size]
  const samples = await alternate(await publishers(parts), { rounds: count, asked: parts.asked }, turn)
  return {
    title: 'Start-up of the publisher',
    how: `until ready, ${count} starts in alternating order`,
    drawn: 'ms until ready',
    against: 'the bare',
    results: compare(samples, yardstick),
  }
}

async function turn(contestant: Publisher): Promise<Sample> {
  const { startMs, pid, stop } = await startContestant(contestant)
  try {
    return { 'ms until ready': startMs, 'MiB resident': residentBytesOf(pid) / mebibyte }
  } finally {
    await stop()
  }
}
