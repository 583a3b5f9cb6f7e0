/** What a consumer of a pair says of its work. */
import type { Pair } from '../e2e/pair'

/** Messages that were processed so far, by all groups or by one. */
export function processed({ consumer }: Pair, ofGroup?: string): number {
  return consumer.logs.filter(({ msg, group }) => msg === 'processed' && (ofGroup ?? group) === group).length
}

export function expectNoAttemptSpent({ consumer }: Pair): void {
  expect(consumer.logs.filter(({ msg }) => msg === 'failed, will be tried again')).toEqual([])
  expect(consumer.logs.filter(({ msg }) => msg === 'parked as a dead letter')).toEqual([])
}
