import { withAllRunning } from '../all-running'
import type { BenchParts, BenchRow } from '../bench-row'
import { compare } from '../comparison'
import { consumeTurn } from '../consume-turn'
import { prefetch } from '../peers'
import { cpuPerMessage } from '../process-facts'
import { publishTurn } from '../publish-turn'
import { alternate } from '../rounds'
import { paymentBody } from '../sample-bodies'
import { consumersOf, producersOf, type Variant } from '../variants'

/** The first is the yardstick. */
export type Variants = readonly [Variant, ...Variant[]]

const connections = 50
const sizes = {
  quick: { rounds: 5, roundMs: 1_500, messages: 3_000 },
  full: { rounds: 9, roundMs: 10_000, messages: 20_000 },
}

/** What a setting costs a producer. */
export async function publishByVariant(title: string, variants: Variants, parts: BenchParts): Promise<BenchRow> {
  const { rounds, roundMs } = sizes[parts.size]
  const samples = await withAllRunning(await producersOf(variants, parts), (running) =>
    alternate(running, { rounds, asked: parts.asked }, (one) =>
      publishTurn(one, { body: paymentBody, connections, roundMs }, parts),
    ),
  )
  return {
    title,
    how: `${connections} connections, ${rounds} rounds of ${roundMs / 1_000} s each, in alternating order`,
    drawn: cpuPerMessage,
    against: 'the first',
    results: compare(samples, variants[0].name),
  }
}

/** What a setting costs a consumer. */
export async function consumeByVariant(title: string, variants: Variants, parts: BenchParts): Promise<BenchRow> {
  const { rounds, messages } = sizes[parts.size]
  const samples = await withAllRunning(await consumersOf(variants, parts), (running) =>
    alternate(running, { rounds, asked: parts.asked }, (one) => consumeTurn(one, messages, parts)),
  )
  return {
    title,
    how: `${messages} messages waiting, prefetch ${prefetch}, ${rounds} rounds in alternating order`,
    drawn: cpuPerMessage,
    against: 'the first',
    results: compare(samples, variants[0].name),
  }
}
