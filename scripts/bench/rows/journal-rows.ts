import { withAllRunning } from '../all-running'
import type { BenchParts, BenchRow } from '../bench-row'
import { compare } from '../comparison'
import { consumeTurn } from '../consume-turn'
import { byJournal } from '../contestants'
import { withoutJournal } from '../handoff'
import { prefetch } from '../peers'
import { cpuPerMessage } from '../process-facts'
import { publishTurn } from '../publish-turn'
import { alternate } from '../rounds'
import { paymentBody } from '../sample-bodies'

const connections = 50
const sizes = {
  quick: { rounds: 5, roundMs: 1_500, messages: 3_000 },
  full: { rounds: 9, roundMs: 10_000, messages: 20_000 },
}

/** What telling each message's steps, and putting those of all into the store, costs a producer. */
export async function journalPublishRow(parts: BenchParts): Promise<BenchRow> {
  const { rounds, roundMs } = sizes[parts.size]
  const { publishing } = await byJournal(parts)
  const samples = await withAllRunning(publishing, (running) =>
    alternate(running, { rounds, asked: parts.asked }, (one) =>
      publishTurn(one, { body: paymentBody, connections, roundMs }, parts),
    ),
  )
  return {
    title: 'Confirmed publish over HTTP, with a journal',
    how: `${connections} connections, ${rounds} rounds of ${roundMs / 1_000} s each, in alternating order`,
    drawn: cpuPerMessage,
    against: 'the first',
    results: compare(samples, withoutJournal),
  }
}

/** What telling each delivery's steps costs a consumer. */
export async function journalConsumeRow(parts: BenchParts): Promise<BenchRow> {
  const { rounds, messages } = sizes[parts.size]
  const { consuming } = await byJournal(parts)
  const samples = await withAllRunning(consuming, (running) =>
    alternate(running, { rounds, asked: parts.asked }, (one) => consumeTurn(one, messages, parts)),
  )
  return {
    title: 'Process and ack, with a journal',
    how: `${messages} messages waiting, prefetch ${prefetch}, ${rounds} rounds in alternating order`,
    drawn: cpuPerMessage,
    against: 'the first',
    results: compare(samples, withoutJournal),
  }
}
