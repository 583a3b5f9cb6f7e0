import { ranges, type NumbersView } from '../../views/numbers'
import type { SystemView } from '../../views/system'
import { now } from '../data/clock'
import { count, duration, rate } from '../data/format'
import { hrefOf } from './message-rows'
import { Tile } from './tile'

/** The numbers of the time that was chosen, one on each tile. */
export function Tiles({ figures, seen }: { readonly figures: NumbersView; readonly seen: SystemView }) {
  const { total, range } = figures
  const { seconds } = ranges[range]
  const { counts, times, errorPercent, littles } = total
  const spool = seen.services.reduce((sum, { gauges }) => sum + (gauges['handoff_spool_messages'] ?? 0), 0)
  const outbox = Math.max(0, ...seen.services.map(({ gauges }) => gauges['handoff_outbox_messages'] ?? 0))
  return (
    <div class="tiles">
      <Tile
        name="Accepted"
        of="accepted"
        value={rate(counts.accepted / seconds)}
        unit="/s"
        more={`${count(counts.accepted)} in ${range}`}
      />
      <Tile
        name="Processed"
        of="processed"
        value={rate(counts.processed / seconds)}
        unit="/s"
        more={`${count(counts.processed)} in ${range}`}
      />
      <Tile
        name="End to end"
        of="endToEnd"
        value={duration(times.endToEnd.p50)}
        more={`p95 ${duration(times.endToEnd.p95)}, p99 ${duration(times.endToEnd.p99)}`}
      />
      <Tile
        name="Failed attempts"
        of="errorPercent"
        value={errorPercent === null ? '–' : rate(errorPercent)}
        unit={errorPercent === null ? '' : '%'}
        more={`${count(counts.retried)} retried, ${count(counts.dead)} dead`}
        tone={counts.dead > 0 ? 'bad' : undefined}
      />
      <Tile
        name="Under way"
        of="littles"
        value={littles === null ? '–' : rate(littles)}
        more={`on average; ${count(seen.unfinished)} without an end now`}
      />
      <Tile
        name="Oldest waiting"
        of="oldest"
        value={seen.oldest === undefined ? 'none' : duration(Math.max(0, now.value - seen.oldest.at))}
        more={seen.oldest === undefined ? 'nothing waits' : <a href={hrefOf(seen.oldest)}>show it</a>}
      />
      <Tile
        name="Spool and outbox"
        value={count(spool + outbox)}
        more={
          spool + outbox === 0
            ? 'nothing waits for the broker'
            : `${count(spool)} in the spool, ${count(outbox)} in the outbox`
        }
      />
    </div>
  )
}
