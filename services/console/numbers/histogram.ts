/** Each bucket is so much wider than the one before it: what is read off is wrong by 2 % at most. */
const growth = 1.04
const logGrowth = Math.log(growth)

/** Counts durations in buckets of like width in proportion; exact to 2 %, in memory for each bucket that has any. */
export class Histogram {
  readonly #buckets = new Map<number, number>()
  #count = 0
  #sum = 0

  get count(): number {
    return this.#count
  }

  /** Null where nothing was counted. */
  get mean(): number | null {
    return this.#count === 0 ? null : this.#sum / this.#count
  }

  /** In milliseconds; what is below 0, as by clocks that differ, counts as 0. */
  add(ms: number): void {
    const value = Math.max(0, ms)
    this.#put(indexOf(value), 1)
    this.#sum += value
  }

  merge(other: Histogram): void {
    for (const [index, count] of other.#buckets) this.#put(index, count)
    this.#sum += other.#sum
  }

  /** The least duration that so many of all (0 to 1) do not exceed, the nearest-rank definition; null where there is none. */
  quantile(share: number): number | null {
    if (this.#count === 0) return null
    let left = Math.max(1, Math.ceil(share * this.#count))
    const indices = [...this.#buckets.keys()].sort((a, b) => a - b)
    for (const index of indices) {
      left -= this.#buckets.get(index) ?? 0
      if (left <= 0) return valueOf(index)
    }
    return null
  }

  #put(index: number, count: number): void {
    this.#buckets.set(index, (this.#buckets.get(index) ?? 0) + count)
    this.#count += count
  }
}

const zero = -1

/** Times are whole milliseconds, so that there is nothing between 0 and 1. */
function indexOf(ms: number): number {
  return ms < 1 ? zero : Math.round(Math.log(ms) / logGrowth)
}

function valueOf(index: number): number {
  return index === zero ? 0 : growth ** index
}
