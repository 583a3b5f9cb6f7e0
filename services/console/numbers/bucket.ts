import { counted, timed, type Counted, type Timed } from '../views/numbers'
import { Histogram } from './histogram'
import type { Measured } from './measured'

/** What was measured in a piece of time. */
export class Bucket {
  readonly counts: Record<Counted, number> = zeros()
  readonly times: Readonly<Record<Timed, Histogram>> = histograms()

  add(measured: Measured): void {
    if ('ms' in measured) this.times[measured.what].add(measured.ms)
    else this.counts[measured.what]++
  }

  merge(other: Bucket): void {
    for (const what of counted) this.counts[what] += other.counts[what]
    for (const what of timed) this.times[what].merge(other.times[what])
  }
}

function zeros(): Record<Counted, number> {
  return Object.fromEntries(counted.map((what) => [what, 0])) as Record<Counted, number>
}

function histograms(): Record<Timed, Histogram> {
  return Object.fromEntries(timed.map((what) => [what, new Histogram()])) as Record<Timed, Histogram>
}
