import { withAllRunning } from '../all-running'
import type { BenchParts, BenchRow } from '../bench-row'
import { compare } from '../comparison'
import { yardstick } from '../contestant'
import { publishers } from '../contestants'
import { publishTurn } from '../publish-turn'
import { cpuPerMessage } from '../process-facts'
import { alternate } from '../rounds'
import { paymentBody } from '../sample-bodies'

const connections = 50
const sizes = { quick: { rounds: 5, roundMs: 1_500 }, full: { rounds: 7, roundMs: 10_000 } }

/** One request, one message on a quorum queue, one `202` once the broker has confirmed it. */
export async function httpRow(parts: BenchParts): Promise<BenchRow> {
  const { rounds, roundMs } = sizes[parts.size]
  const samples = await withAllRunning(await publishers(parts), (running) =>
    alternate(running, { rounds, asked: parts.asked }, (one) =>
      publishTurn(one, { body: paymentBody, connections, roundMs }, parts),
    ),
  )
  return {
    title: 'Confirmed publish over HTTP',
    how: `${connections} connections, ${rounds} rounds of ${roundMs / 1_000} s each, in alternating order`,
    drawn: cpuPerMessage,
    against: 'the bare',
    target: 1.2,
    results: compare(samples, yardstick),
  }
}
