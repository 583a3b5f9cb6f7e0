import { useMemo } from 'preact/hooks'
import type { NumbersView } from '../../views/numbers'
import { duration, rate } from '../data/format'
import type { Line } from '../data/line'
import { hrefTo } from '../router'
import { Chart } from './chart'

/** How much, and how fast, over the time that was chosen. */
export function Charts({ figures }: { readonly figures: NumbersView }) {
  const { series, from, bucketSeconds } = figures
  const times = useMemo(
    () => series.counts.accepted.map((_, at) => from + at * bucketSeconds * 1_000),
    [from, bucketSeconds],
  )
  const perSecond = (values: readonly number[]) => values.map((value) => value / bucketSeconds)
  const rates: readonly Line[] = [
    { label: 'accepted', colour: '--accent', dash: [], values: perSecond(series.counts.accepted) },
    { label: 'processed', colour: '--good', dash: [7, 3], values: perSecond(series.counts.processed) },
    { label: 'failed attempts', colour: '--bad', dash: [2, 3], values: perSecond(series.counts.failed) },
  ]
  const { p50, p95, p99 } = series.times.endToEnd
  const latencies: readonly Line[] = [
    { label: 'p50', colour: '--good', dash: [], values: p50 },
    { label: 'p95', colour: '--wait', dash: [7, 3], values: p95 },
    { label: 'p99', colour: '--bad', dash: [2, 3], values: p99 },
  ]
  // Those that were under way then, whenever they began.
  const hrefAt = (at: number) => {
    const [from, to] = [at - bucketSeconds * 1_000, at + bucketSeconds * 1_000].map((each) =>
      new Date(each).toISOString(),
    )
    return hrefTo(['timeline'], { filter: `began<${to} ended>${from}` })
  }
  return (
    <div class="columns">
      <section class="card">
        <header>
          <h2>Messages a second</h2>
          <span class="hint">click a spike, or use the arrow keys and Enter, to see its messages</span>
        </header>
        <Chart label="Messages a second" times={times} lines={rates} show={(value) => rate(value)} hrefAt={hrefAt} />
      </section>
      <section class="card">
        <header>
          <h2>From the request to the effect</h2>
          <span class="hint">
            confirm {duration(figures.total.times.confirm.p95)}, wait {duration(figures.total.times.wait.p95)}, handler{' '}
            {duration(figures.total.times.handler.p95)} (p95)
          </span>
        </header>
        <Chart label="From the request to the effect" times={times} lines={latencies} show={duration} hrefAt={hrefAt} />
      </section>
    </div>
  )
}
