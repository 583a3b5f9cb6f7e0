import { count, dayAndTime, fullTime } from '../../data/format'
import { isEverything, type LetterFilter } from '../../data/letters/letter-filter'
import { deathsInWords, type DeathsTime } from '../../data/letters/deaths'
import type { Failure, FailureList } from '../../data/letters/letters'
import { hrefOfLetter } from '../../data/letters/places'
import type { Loading } from '../../data/loaded'
import { ErrorBanner } from '../../parts/banner'
import { Spark } from '../../parts/spark'
import { Icon } from '../../parts/icon'

interface FailuresProps {
  readonly group: string
  readonly failures: Loading<FailureList>
  readonly filter: LetterFilter
  readonly show: (filter: LetterFilter) => void
  /** Chooses all that died of it, also those that are not shown. */
  readonly choose: (failure: Failure) => void
}

/** What the letters died of, the most frequent first. */
export function Failures({ group, failures, filter, show, choose }: FailuresProps) {
  const loaded = failures.loaded.value
  if (loaded.state === 'failed') return <ErrorBanner error={loaded.error} again={failures.again} />
  const all = loaded.state === 'here' ? loaded.value.failures : []
  const most = Math.max(1, ...all.map((failure) => failure.count))
  const { signature: _, ...everything } = filter
  // Below stands that there are none at all, and what they would be.
  if (loaded.state === 'here' && all.length === 0 && isEverything(filter)) return null
  return (
    <section class="card" aria-labelledby="died-of">
      <header>
        <h2 id="died-of">What they died of</h2>
        <span class="hint">
          {loaded.state === 'loading' ? 'reading…' : 'errors that differ only in numbers, ids and quotes are one kind'}
        </span>
        {filter.signature !== undefined && (
          <button type="button" class="button small" onClick={() => show(everything)}>
            Show every kind
          </button>
        )}
      </header>
      {loaded.state === 'here' && all.length === 0 && <p class="hint">Nothing.</p>}
      <ul class="failures">
        {all.map((failure) => (
          <Kind
            key={failure.signature}
            {...{ group, failure, most }}
            time={loaded.state === 'here' ? loaded.value.deaths : undefined}
            isShown={failure.signature === filter.signature}
            show={() =>
              show(failure.signature === filter.signature ? everything : { ...filter, signature: failure.signature })
            }
            choose={() => choose(failure)}
          />
        ))}
      </ul>
    </section>
  )
}

interface KindProps {
  readonly group: string
  readonly failure: Failure
  readonly most: number
  readonly time: DeathsTime | undefined
  readonly isShown: boolean
  readonly show: () => void
  readonly choose: () => void
}

function Kind({ group, failure, most, time, isShown, show, choose }: KindProps) {
  const { type = 'no type', reason = 'no reason', pattern, count: letters, example, deaths = [] } = failure
  return (
    <li class={isShown ? 'shown' : ''}>
      <span class="many">
        <strong>{count(letters)}</strong>
        <i aria-hidden="true" style={{ width: `${(100 * letters) / most}%` }} />
      </span>
      <div class="what">
        <div class="row-flex">
          <strong>{type}</strong>
          <span class="badge bad">
            <Icon name="dead" />
            {reason}
          </span>
          <Times failure={failure} />
        </div>
        <p class="mono pattern">{pattern === '' ? 'no error stands on them' : pattern}</p>
      </div>
      <span class="when">
        {time !== undefined && deaths.length > 1 && <Spark counts={deaths} label={deathsInWords(deaths, time)} />}
      </span>
      <div class="row-flex">
        {example !== undefined && (
          <a class="button plain small" href={hrefOfLetter(group, example)}>
            An example
          </a>
        )}
        <button type="button" class="button small" aria-pressed={isShown} onClick={show}>
          Show
        </button>
        <button type="button" class="button small" onClick={choose}>
          Choose {letters === 1 ? 'it' : `all ${count(letters)}`}
          <span class="visually-hidden"> that died of {pattern}</span>
        </button>
      </div>
    </li>
  )
}

function Times({ failure: { firstDeadAt, lastDeadAt } }: { readonly failure: Failure }) {
  if (firstDeadAt === undefined || lastDeadAt === undefined) return null
  const [first, last] = [Date.parse(firstDeadAt), Date.parse(lastDeadAt)]
  return (
    <span class="hint" title={`${fullTime(first)} to ${fullTime(last)}`}>
      {dayAndTime(first) === dayAndTime(last) ? dayAndTime(first) : `${dayAndTime(first)} to ${dayAndTime(last)}`}
    </span>
  )
}
