export interface Point {
  readonly x: number
  readonly y: number
}

/** How much y grows for each x, on the line with the least squares. Throws when there are no two different x. */
export function slope(points: readonly Point[]): number {
  const meanX = mean(points.map(({ x }) => x))
  const meanY = mean(points.map(({ y }) => y))
  const spread = sum(points.map(({ x }) => (x - meanX) ** 2))
  if (!(spread > 0)) throw new Error(`there is no slope through ${points.length} points at one place`)
  return sum(points.map(({ x, y }) => (x - meanX) * (y - meanY))) / spread
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
