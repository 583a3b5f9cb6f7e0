/** States that a message does not leave by itself. */
const ends: ReadonlySet<string> = new Set([
  'processed',
  'filtered',
  'dead',
  'discarded',
  'dropped',
  'cancelled',
  'unrouted',
])

export function hasEnded(state: string): boolean {
  return ends.has(state)
}
