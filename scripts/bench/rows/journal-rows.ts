import type { BenchParts, BenchRow } from '../bench-row'
import { asItIs, withData, withoutJournal } from '../variants'
import { consumeByVariant, publishByVariant } from './variant-rows'

/** What telling each message's steps, putting those of all into the store, and keeping data there costs a producer. */
export function journalPublishRow(parts: BenchParts): Promise<BenchRow> {
  return publishByVariant('Confirmed publish over HTTP, with a journal', [withoutJournal, asItIs, withData], parts)
}

/** What telling each delivery's steps costs a consumer. */
export function journalConsumeRow(parts: BenchParts): Promise<BenchRow> {
  return consumeByVariant('Process and ack, with a journal', [withoutJournal, asItIs], parts)
}
