import type { BenchParts, BenchRow } from '../bench-row'
import { withSpanSink } from '../span-sink'
import { asItIs, tracing } from '../variants'
import { consumeByVariant, publishByVariant, type Variants } from './variant-rows'

/** What spans cost a producer. */
export function tracesPublishRow(parts: BenchParts): Promise<BenchRow> {
  return withSpanSink(parts.say, (url) => publishByVariant('Confirmed publish over HTTP, with traces', by(url), parts))
}

/** What spans cost a consumer. */
export function tracesConsumeRow(parts: BenchParts): Promise<BenchRow> {
  return withSpanSink(parts.say, (url) => consumeByVariant('Process and ack, with traces', by(url), parts))
}

function by(url: string): Variants {
  return [asItIs, tracing(url, { oneOf: 10 }), tracing(url, { oneOf: 1 })]
}
