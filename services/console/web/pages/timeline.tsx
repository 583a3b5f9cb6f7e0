import { useEffect, useRef, useState } from 'preact/hooks'
import type { LiveFrame } from '../../views/live'
import type { MessagePage, MessageRow } from '../../views/message-row'
import { getJson } from '../data/api'
import { now } from '../data/clock'
import { count, duration } from '../data/format'
import { link, listen, windowFacts } from '../data/live'
import { Banner } from '../parts/banner'
import { Empty } from '../parts/empty'
import { FirstMessage } from '../parts/first-message'
import { Icon } from '../parts/icon'
import { MessageRows } from '../parts/message-rows'
import { place, replaceQuery } from '../router'

/** So many rows stay in the page at most; older ones are asked for again. */
const mostRows = 20_000

interface Shown {
  /** The newest first. */
  readonly rows: readonly MessageRow[]
  /** Undefined where there are no older ones. */
  readonly next: number | undefined
  readonly skipped: number
}

const nothing: Shown = { rows: [], next: undefined, skipped: 0 }

const quick = [
  { text: '', label: 'all' },
  { text: 'state:dead', label: 'dead' },
  { text: 'state:waiting', label: 'waiting for a retry' },
  { text: 'attempts>1', label: 'tried more than once' },
  { text: 'took>1s', label: 'slower than a second' },
  { text: 'state:unrouted', label: 'unrouted' },
]

/** Messages as they come, and a search through those in memory. */
export function Timeline() {
  const filter = place.value.query.get('filter') ?? ''
  const [shown, show] = useState(nothing)
  const [frozen, freeze] = useState(false)
  const held = useRef<LiveFrame[]>([])
  const isFrozen = useRef(false)
  isFrozen.current = frozen

  useEffect(() => {
    show(nothing)
    held.current = []
    listen({ filter, range: undefined }, (frame) => {
      // Hold what comes while a person reads: a list that moves cannot be read.
      if (isFrozen.current && frame.begins !== 'anew') held.current = [...held.current, frame].slice(-500)
      else show((before) => afterFrame(before, frame))
    })
  }, [filter])

  const thaw = () => {
    const frames = held.current
    held.current = []
    show((before) => frames.reduce(afterFrame, before))
    freeze(false)
  }
  const asking = useRef(false)
  const older = async () => {
    if (asking.current || shown.next === undefined || shown.rows.length >= mostRows) return
    asking.current = true
    try {
      const query = new URLSearchParams({ before: String(shown.next), limit: '500', ...(filter !== '' && { filter }) })
      const page = await getJson<MessagePage>(`messages?${query.toString()}`)
      show((before) => ({ ...before, rows: merged(before.rows, page.rows), next: page.next }))
    } finally {
      asking.current = false
    }
  }
  const facts = windowFacts.value
  const refused = link.value.state === 'refused' ? link.value.why : undefined
  return (
    <>
      <header class="page-head">
        <h1>Timeline</h1>
        <div class="actions">
          <button type="button" class="button" aria-pressed={frozen} onClick={() => (frozen ? thaw() : freeze(true))}>
            <Icon name={frozen ? 'play' : 'pause'} />
            {frozen ? 'Go on' : 'Freeze'}
          </button>
        </div>
      </header>
      <FilterBox filter={filter} refused={refused} />
      {shown.skipped > 0 && (
        <Banner tone="wait">
          {count(shown.skipped)} changes came too fast to be shown and were left out.{' '}
          <button type="button" class="button small" onClick={() => location.reload()}>
            Show the newest
          </button>
        </Banner>
      )}
      {shown.rows.length === 0 ? (
        <NoRows filter={filter} />
      ) : (
        <section class="card flush" aria-label="Messages">
          <div class="rows-head" aria-hidden="true">
            <span>At</span>
            <span>State</span>
            <span>Type</span>
            <span>Id</span>
            <span>Groups, or why it failed</span>
            <span>Took</span>
          </div>
          <MessageRows rows={shown.rows} onEnd={() => void older()} />
        </section>
      )}
      {facts !== undefined && (
        <p class="hint">
          {count(facts.messages)} messages in memory
          {facts.since !== undefined && `, the oldest ${duration(Math.max(0, now.value - facts.since))} old`}
          {facts.messages >= facts.most && ` (CONSOLE_MESSAGES is ${count(facts.most)})`}
          {facts.share < 1 && `; JOURNAL_SAMPLE keeps ${facts.share * 100} % of all`}. An older one is found by its id.
        </p>
      )}
    </>
  )
}

function FilterBox({ filter, refused }: { readonly filter: string; readonly refused: string | undefined }) {
  const [text, setText] = useState(filter)
  useEffect(() => setText(filter), [filter])
  const apply = (value: string) => replaceQuery({ filter: value.trim() })
  return (
    <div class="stack">
      <form
        class="filter"
        onSubmit={(event) => {
          event.preventDefault()
          apply(text)
        }}
      >
        <div class="field">
          <label for="filter" class="visually-hidden">
            Filter
          </label>
          <input
            id="filter"
            type="search"
            class="mono"
            value={text}
            placeholder='type:order.*  state:dead  group:mail  age<10m  took>1s  -error:timeout  "free text"'
            aria-invalid={refused !== undefined}
            aria-describedby="filter-says"
            spellcheck={false}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
          <span id="filter-says" class={refused === undefined ? 'help' : 'wrong'}>
            {refused ??
              'Fields: id, source, type, state, group, reason, error, correlation, causation; age, took, attempts and replays with < or >. "-" before a term means not.'}
          </span>
        </div>
        <button type="submit" class="button main">
          Filter
        </button>
      </form>
      <div class="chips" role="group" aria-label="Filters that are often used">
        {quick.map(({ text: value, label }) => (
          <button key={label} type="button" class="chip" aria-pressed={value === filter} onClick={() => apply(value)}>
            {label}
          </button>
        ))}
      </div>
    </div>
  )
}

function NoRows({ filter }: { readonly filter: string }) {
  const facts = windowFacts.value
  if (facts === undefined || facts.state === 'catching up') return <p class="hint">Reading…</p>
  if (facts.messages === 0) return <FirstMessage />
  return (
    <section class="card">
      <Empty icon="timeline" title="No message is like that">
        <p>
          None of the {count(facts.messages)} messages in memory passes <code>{filter}</code>. A new one that does
          appears here by itself.
        </p>
        <button type="button" class="button" onClick={() => replaceQuery({})}>
          Show all
        </button>
      </Empty>
    </section>
  )
}

function afterFrame(before: Shown, { rows = [], gone = [], skipped = 0, begins }: LiveFrame): Shown {
  if (begins === 'anew') return { rows: merged([], rows), next: rows.at(-1)?.number, skipped: 0 }
  const left = new Set(gone)
  const kept = left.size === 0 ? before.rows : before.rows.filter(({ number }) => !left.has(number))
  return { ...before, rows: merged(kept, rows), skipped: before.skipped + skipped }
}

/** Each once, as it is told in `more`; the newest first. */
function merged(rows: readonly MessageRow[], more: readonly MessageRow[]): readonly MessageRow[] {
  if (more.length === 0) return rows
  const byNumber = new Map(rows.map((row) => [row.number, row]))
  for (const row of more) byNumber.set(row.number, row)
  return [...byNumber.values()].sort((a, b) => b.number - a.number).slice(0, mostRows)
}
