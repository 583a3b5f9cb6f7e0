import { useEffect, useState } from 'preact/hooks'
import type { MessageRow } from '../../views/message-row'
import { ranges, type RangeName } from '../../views/numbers'
import type { SystemView } from '../../views/system'
import { count } from '../data/format'
import { link, listen, numbers, system, windowFacts } from '../data/live'
import { Banner } from '../parts/banner'
import { Charts } from '../parts/charts'
import { FirstMessage } from '../parts/first-message'
import { Latest } from '../parts/latest'
import { QueueTable } from '../parts/queue-table'
import { ServiceCard } from '../parts/service-card'
import { Tiles } from '../parts/tiles'
import { place, replaceQuery } from '../router'

const names = Object.keys(ranges) as readonly RangeName[]
const shownRows = 8

/** How the whole is doing: the first thing a newcomer sees. */
export function Overview() {
  const range = names.find((name) => name === place.value.query.get('range')) ?? '5m'
  const latest = useLatest(range)
  const seen = system.value
  const figures = numbers.value
  return (
    <>
      <header class="page-head">
        <h1>Overview</h1>
        <div class="actions">
          <RangeChoice range={range} />
        </div>
      </header>
      <WindowState />
      {figures !== undefined && seen !== undefined ? (
        <>
          <Tiles figures={figures} seen={seen} />
          <Charts figures={figures} />
        </>
      ) : (
        <p class="hint">{link.value.state === 'live' ? 'Reckoning…' : 'Connecting…'}</p>
      )}
      {seen !== undefined && <SystemCards seen={seen} />}
      {latest.length > 0 && <Latest rows={latest} />}
    </>
  )
}

function RangeChoice({ range }: { readonly range: RangeName }) {
  return (
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
  )
}

/** Why the numbers may not be all that there is. */
function WindowState() {
  const facts = windowFacts.value
  if (facts?.state === 'broker away')
    return (
      <Banner tone="bad">
        The console has no connection to the broker: messages and numbers stand still. The services go on by themselves
        once it is back, and what they accept meanwhile waits in the spool.
      </Banner>
    )
  if (facts?.state === 'catching up')
    return (
      <Banner tone="wait">
        Still reading what was told before the console started: {count(facts.messages)} messages so far.
      </Banner>
    )
  return facts?.messages === 0 ? <FirstMessage /> : null
}

function SystemCards({ seen }: { readonly seen: SystemView }) {
  return (
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
  )
}

function useLatest(range: RangeName): readonly MessageRow[] {
  const [latest, setLatest] = useState<readonly MessageRow[]>([])
  useEffect(() => {
    listen({ filter: '', range }, ({ rows = [], begins }) =>
      setLatest((before) => newest(begins === 'anew' ? rows : [...rows, ...before])),
    )
  }, [range])
  return latest
}

/** Each once, as it was told last. */
function newest(rows: readonly MessageRow[]): readonly MessageRow[] {
  const byNumber = new Map<number, MessageRow>()
  for (const row of rows) if (!byNumber.has(row.number)) byNumber.set(row.number, row)
  return [...byNumber.values()].sort((a, b) => b.number - a.number).slice(0, shownRows)
}
