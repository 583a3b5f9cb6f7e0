import { withAllRunning } from '../all-running'
import type { BenchParts, BenchRow } from '../bench-row'
import { compare } from '../comparison'
import { yardstick } from '../contestant'
import { consumeTurn } from '../consume-turn'
import { consumers } from '../contestants'
import { prefetch } from '../peers'
import { cpuPerMessage } from '../process-facts'
import { alternate } from '../rounds'

// So few that filling a queue takes less than a heartbeat: the consumer is held still meanwhile.
const sizes = { quick: { rounds: 5, messages: 3_000 }, full: { rounds: 7, messages: 20_000 } }

/** A full queue, from the first delivery until it is empty. */
export async function consumeRow(parts: BenchParts): Promise<BenchRow> {
  const { rounds, messages } = sizes[parts.size]
  const samples = await withAllRunning(await consumers(parts), (running) =>
    alternate(running, { rounds, asked: parts.asked }, (one) => consumeTurn(one, messages, parts)),
  )
  return {
    title: 'Process and ack',
    how: `${messages} messages waiting, prefetch ${prefetch}, ${rounds} rounds in alternating order`,
    drawn: cpuPerMessage,
    against: 'the bare',
    results: compare(samples, yardstick),
  }
}
