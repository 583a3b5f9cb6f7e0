import { now } from '../data/clock'
import { count, duration } from '../data/format'
import { link, windowFacts } from '../data/live'
import { useTimeline } from '../data/use-timeline'
import { Banner } from '../parts/banner'
import { Empty } from '../parts/empty'
import { FilterBox } from '../parts/filter-box'
import { FirstMessage } from '../parts/first-message'
import { Icon } from '../parts/icon'
import { MessageRows } from '../parts/message-rows'
import { place, replaceQuery } from '../router'

/** Messages as they come, and a search through those in memory. */
export function Timeline() {
  const filter = place.value.query.get('filter') ?? ''
  const { shown, frozen, toggle, older, anew } = useTimeline(filter)
  const refused = link.value.state === 'refused' ? link.value.why : undefined
  return (
    <>
      <header class="page-head">
        <h1>Timeline</h1>
        <div class="actions">
          <button type="button" class="button" aria-pressed={frozen} onClick={toggle}>
            <Icon name={frozen ? 'play' : 'pause'} />
            {frozen ? 'Go on' : 'Freeze'}
          </button>
        </div>
      </header>
      <FilterBox filter={filter} refused={refused} />
      {shown.skipped > 0 && (
        <Banner tone="wait">
          <span>{count(shown.skipped)} changes came too fast to be shown, and were left out.</span>
          <button type="button" class="button small" onClick={anew}>
            Show the newest
          </button>
        </Banner>
      )}
      {shown.rows.length === 0 ? (
        <NoRows filter={filter} isLooking={shown.next !== undefined} />
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
          <MessageRows rows={shown.rows} onEnd={older} />
        </section>
      )}
      <Memory />
    </>
  )
}

/** What a search can find. */
function Memory() {
  const facts = windowFacts.value
  if (facts === undefined) return null
  const { messages, since, most, share } = facts
  return (
    <p class="hint">
      {count(messages)} messages in memory
      {since !== undefined && `, the oldest ${duration(Math.max(0, now.value - since))} old`}
      {messages >= most && ` (CONSOLE_MESSAGES is ${count(most)})`}
      {share < 1 && `; JOURNAL_SAMPLE keeps ${share * 100} % of all`}. An older one is found by its id.
    </p>
  )
}

interface NoRowsProps {
  readonly filter: string
  /** Older ones are being asked for. */
  readonly isLooking: boolean
}

function NoRows({ filter, isLooking }: NoRowsProps) {
  const facts = windowFacts.value
  if (isLooking || facts === undefined || facts.state === 'catching up') return <p class="hint">Reading…</p>
  if (facts.messages === 0) return <FirstMessage />
  return (
    <section class="card">
      <Empty icon="timeline" title="No message is like that">
        <p>
          None of the {count(facts.messages)} messages in memory passes <code>{filter}</code>. A new one that does
          appears here by itself.
        </p>
        {facts.contents === 0 && /\b(data|attribute)[.:]/i.test(filter) && (
          <p>
            The journal keeps nothing of what messages carry. Set <code>JOURNAL_DATA_BYTES</code> for producer and
            consumer, and messages are found by it from then on.
          </p>
        )}
        <button type="button" class="button" onClick={() => replaceQuery({})}>
          Show all
        </button>
      </Empty>
    </section>
  )
}
