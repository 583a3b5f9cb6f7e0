import { useEffect, useMemo, useState } from 'preact/hooks'
import type { MessageRow } from '../../views/message-row'
import { ranges, type NumbersView, type RangeName } from '../../views/numbers'
import type { SystemView } from '../../views/system'
import { now } from '../data/clock'
import { clockTime, count, duration, rate, shortId } from '../data/format'
import { link, listen, numbers, system, windowFacts } from '../data/live'
import { Banner } from '../parts/banner'
import { Chart, type Line } from '../parts/chart'
import { FirstMessage } from '../parts/first-message'
import { hrefOf } from '../parts/message-rows'
import { QueueTable } from '../parts/queue-table'
import { ServiceCard } from '../parts/service-card'
import { StateBadge } from '../parts/state'
import { Tile } from '../parts/tile'
import { go, hrefTo, place, replaceQuery } from '../router'

const names = Object.keys(ranges) as readonly RangeName[]
const shownRows = 8

/** How the whole is doing: the first thing a newcomer sees. */
export function Overview() {
  const range = names.find((name) => name === place.value.query.get('range')) ?? '5m'
  const [latest, setLatest] = useState<readonly MessageRow[]>([])
  useEffect(() => {
    listen({ filter: '', range }, ({ rows = [], begins }) =>
      setLatest((before) => newest(begins === 'anew' ? rows : [...rows, ...before])),
    )
  }, [range])
  const seen = system.value
  const figures = numbers.value
  const facts = windowFacts.value
  return (
    <>
      <header class="page-head">
        <h1>Overview</h1>
        <div class="actions">
          <div class="segmented" role="group" aria-label="Time">
            {names.map((name) => (
              <button
                key={name}
                type="button"
                aria-pressed={name === range}
                onClick={() => replaceQuery({ range: name === '5m' ? undefined : name })}
              >
                {name}
              </button>
            ))}
          </div>
        </div>
      </header>
      {facts?.state === 'broker away' && (
        <Banner tone="bad">
          The console has no connection to the broker: messages and numbers stand still. The services go on by
          themselves once it is back, and what they accept meanwhile waits in the spool.
        </Banner>
      )}
      {facts?.state === 'catching up' && (
        <Banner tone="wait">
          Still reading what was told before the console started: {count(facts.messages)} messages so far.
        </Banner>
      )}
      {facts !== undefined && facts.messages === 0 && facts.state === 'live' ? <FirstMessage /> : null}
      {figures !== undefined && seen !== undefined ? (
        <>
          <Tiles figures={figures} seen={seen} />
          <Charts figures={figures} />
        </>
      ) : (
        <p class="hint">{link.value.state === 'live' ? 'Reckoning…' : 'Connecting…'}</p>
      )}
      {seen !== undefined && (
        <div class="columns">
          <section class="card">
            <header>
              <h2>Services</h2>
            </header>
            {seen.services.map((service) => (
              <ServiceCard key={service.url} service={service} />
            ))}
          </section>
          <section class="card">
            <header>
              <h2>Queues</h2>
              <span class="hint">
                {seen.broker.from === 'management' ? "the broker's figures" : "the console's own records"}
              </span>
            </header>
            <QueueTable broker={seen.broker} />
          </section>
        </div>
      )}
      {latest.length > 0 && <Latest rows={latest} />}
    </>
  )
}

function newest(rows: readonly MessageRow[]): readonly MessageRow[] {
  const byNumber = new Map<number, MessageRow>()
  for (const row of rows) if (!byNumber.has(row.number)) byNumber.set(row.number, row)
  return [...byNumber.values()].sort((a, b) => b.number - a.number).slice(0, shownRows)
}

function Tiles({ figures, seen }: { readonly figures: NumbersView; readonly seen: SystemView }) {
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

function Charts({ figures }: { readonly figures: NumbersView }) {
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
  // What happened around a spike is in the timeline, as far as it is that old.
  const pick = (at: number) => {
    const age = Math.max(1, Math.round((now.value - at) / 1_000))
    const wide = bucketSeconds * 2
    go(hrefTo(['timeline'], { filter: `age<${age + wide}s age>${Math.max(0, age - wide)}s` }))
  }
  return (
    <div class="columns">
      <section class="card">
        <header>
          <h2>Messages a second</h2>
          <span class="hint">click a spike to see its messages</span>
        </header>
        <Chart label="Messages a second" times={times} lines={rates} show={(value) => rate(value)} onPick={pick} />
      </section>
      <section class="card">
        <header>
          <h2>From the request to the effect</h2>
          <span class="hint">
            confirm {duration(figures.total.times.confirm.p95)}, wait {duration(figures.total.times.wait.p95)}, handler{' '}
            {duration(figures.total.times.handler.p95)} (p95)
          </span>
        </header>
        <Chart label="From the request to the effect" times={times} lines={latencies} show={duration} onPick={pick} />
      </section>
    </div>
  )
}

function Latest({ rows }: { readonly rows: readonly MessageRow[] }) {
  return (
    <section class="card">
      <header>
        <h2>Latest messages</h2>
        <a href={hrefTo(['timeline'])}>all of them</a>
      </header>
      <div class="table-scroll">
        <table>
          <thead>
            <tr>
              <th>At</th>
              <th>State</th>
              <th>Type</th>
              <th>Id</th>
              <th class="number">Took</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.number}>
                <td class="mono">{clockTime(row.at)}</td>
                <td>
                  <StateBadge state={row.state} />
                </td>
                <td>{row.type}</td>
                <td>
                  <a class="mono" href={hrefOf(row)}>
                    {shortId(row.id)}
                  </a>
                </td>
                <td class="number">{duration(row.lastAt - row.at)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
