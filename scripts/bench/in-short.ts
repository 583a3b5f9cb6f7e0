/** A whole number, or three figures of one that is smaller than a hundred. */
export function inShort(value: number): string {
  return Math.abs(value) >= 99.95 || value === 0 ? value.toFixed(0) : value.toPrecision(3)
}
