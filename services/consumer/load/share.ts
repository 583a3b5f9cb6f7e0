/**
 * How many of a group's turns one message type may hold. Where a group takes several types, a quarter of the turns, and
 * at least one, is out of reach for each of them, so that none can take all: a slow type leaves room for the others.
 */
export function shareOf(limit: number, types: number): number {
  if (types < 2 || limit < 2) return limit
  return limit - Math.max(1, Math.floor(limit / 4))
}
