import {
  counted,
  percentiles,
  ranges,
  timed,
  type NumbersView,
  type Percentile,
  type RangeName,
} from '../views/numbers'
import { Bucket } from './bucket'
import type { Histogram } from './histogram'
import type { Measured } from './measured'

/** Services gather what they tell for a quarter of a second, and the broker takes its time as well. */
const completeAfterMs = 1_500

const shareOf: Readonly<Record<Percentile, number>> = { p50: 0.5, p95: 0.95, p99: 0.99 }

/** Buckets of one width, as many as are needed for a time. */
class Buckets {
  readonly #widthMs: number
  readonly #keptMs: number
  readonly #byStart = new Map<number, Bucket>()

  constructor(widthMs: number, keptMs: number) {
    this.#widthMs = widthMs
    this.#keptMs = keptMs
  }

  add(measured: Measured, now: number): void {
    const start = Math.floor(measured.at / this.#widthMs) * this.#widthMs
    if (start < now - this.#keptMs) return
    const bucket = this.#byStart.get(start) ?? new Bucket()
    this.#byStart.set(start, bucket)
    bucket.add(measured)
    // A clock that is ahead makes buckets of its own, which are forgotten like the others.
    if (this.#byStart.size > (2 * this.#keptMs) / this.#widthMs) this.#forget(now)
  }

  /** From one time to another, as far as there are any. */
  between(from: number, to: number): Bucket {
    const sum = new Bucket()
    for (let start = from; start < to; start += this.#widthMs) {
      const bucket = this.#byStart.get(start)
      if (bucket !== undefined) sum.merge(bucket)
    }
    return sum
  }

  #forget(now: number): void {
    for (const start of this.#byStart.keys())
      if (start < now - this.#keptMs || start > now + this.#keptMs) this.#byStart.delete(start)
  }
}

const minuteMs = 60_000

/** Counts and times of the last day, by the clocks of whoever took the steps: in buckets of 5 s for ten minutes, of a minute for all. */
export class Numbers {
  readonly #fine = new Buckets(5_000, 10 * minuteMs)
  readonly #coarse = new Buckets(minuteMs, 25 * 60 * minuteMs)

  add(measured: readonly Measured[], now: number): void {
    for (const one of measured) {
      this.#fine.add(one, now)
      this.#coarse.add(one, now)
    }
  }

  /** Whole buckets alone: one that still fills would look like a fall. */
  view(range: RangeName, now: number): NumbersView {
    const { seconds, bucketSeconds } = ranges[range]
    const [widthMs, source] = [bucketSeconds * 1_000, range === '5m' ? this.#fine : this.#coarse]
    const to = Math.floor((now - completeAfterMs) / widthMs) * widthMs
    const from = to - seconds * 1_000
    const buckets = Array.from({ length: seconds / bucketSeconds }, (_, at) =>
      source.between(from + at * widthMs, from + (at + 1) * widthMs),
    )
    return { range, from, to, bucketSeconds, series: seriesOf(buckets), total: totalOf(buckets, seconds) }
  }
}

function seriesOf(buckets: readonly Bucket[]): NumbersView['series'] {
  return {
    counts: record(counted, (what) => buckets.map(({ counts }) => counts[what])),
    times: record(timed, (what) =>
      record(percentiles, (name) => buckets.map(({ times }) => rounded(times[what].quantile(shareOf[name])))),
    ),
  }
}

function totalOf(buckets: readonly Bucket[], seconds: number): NumbersView['total'] {
  const sum = new Bucket()
  for (const bucket of buckets) sum.merge(bucket)
  const { counts, times } = sum
  const ended = counts.failed + counts.processed
  const { mean } = times.endToEnd
  return {
    counts,
    times: record(timed, (what) => summaryOf(times[what])),
    errorPercent: ended === 0 ? null : (100 * counts.failed) / ended,
    littles: mean === null ? null : ((times.endToEnd.count / seconds) * mean) / 1_000,
  }
}

function summaryOf(histogram: Histogram) {
  const quantiles = record(percentiles, (name) => rounded(histogram.quantile(shareOf[name])))
  return { ...quantiles, mean: rounded(histogram.mean), count: histogram.count }
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Number(ms.toPrecision(3))
}

function record<K extends string, V>(keys: readonly K[], valueOf: (key: K) => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, valueOf(key)])) as Record<K, V>
}
