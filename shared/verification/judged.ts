import type { Attempt } from './attempt'
import { conclude, weigh, type Found, type Verdict, type Weighed } from './judge'
import { sumOf, tallyOf, type Tally } from './tally'

export interface Judged {
  readonly verdict: Verdict
  readonly tally: Tally
}

/** All attempts and findings of some of a run's subjects. */
export interface Part {
  readonly history: readonly Attempt[]
  readonly found: Omit<Found, 'queued'>
}

/** Judges a run that is too large to be held at once; `queued` is how many messages wait in all of it. */
export async function judgedInParts(parts: AsyncIterable<Part>, queued: number): Promise<Judged> {
  const [weighed, tallies]: [Weighed[], Tally[]] = [[], []]
  for await (const { history, found } of parts) {
    weighed.push(weigh(history, { ...found, queued }))
    tallies.push(tallyOf(history, { ...found, queued }))
  }
  return { verdict: conclude(weighed, queued), tally: sumOf(tallies) }
}
