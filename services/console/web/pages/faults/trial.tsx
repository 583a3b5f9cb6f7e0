import { useState } from 'preact/hooks'
import type { TrialVerdict, TrialView } from '../../../views/faults'
import { rights } from '../../data/access'
import { cancelTrial, isRunning } from '../../data/faults'
import { dayAndTime } from '../../data/format'
import { Banner } from '../../parts/banner'
import { Icon, type IconName } from '../../parts/icon'
import { NumbersTable } from '../../parts/numbers-table'
import { Counts } from './counts'
import { Interest } from './interest'
import { Strip } from './strip'
import { seconds, stateLooks } from './words'

/** A trial as it goes on, or as it went. */
export function Trial({ trial }: { readonly trial: TrialView }) {
  const { title, target, type, startedAt, state, verdict, moments } = trial
  const { tone, icon, says } = stateLooks[state]
  return (
    <>
      <header class="trial-head">
        <h2>
          {title}: the {target}
        </h2>
        <span class={`badge ${tone}`}>
          <Icon name={icon} />
          {says}
        </span>
        <span class="hint">
          {dayAndTime(startedAt)}, {type}
        </span>
        {isRunning(trial) && rights.value === 'all' && <End id={trial.id} />}
      </header>
      {verdict !== undefined && <Verdict verdict={verdict} />}
      <Strip trial={trial} />
      <Counts trial={trial} />
      {moments.length > 0 && (
        <ol class="moments" aria-label="What happened">
          {moments.map(({ atMs, what }) => (
            <li key={`${atMs} ${what}`}>
              <span class="mono hint">{seconds(atMs)}</span> {what}
            </li>
          ))}
        </ol>
      )}
      <Interest messages={trial.ofInterest} />
      <InSeconds trial={trial} />
    </>
  )
}

const verdicts: Readonly<
  Record<TrialVerdict['outcome'], { readonly tone: 'good' | 'wait' | 'bad'; readonly icon: IconName }>
> = {
  kept: { tone: 'good', icon: 'check' },
  odd: { tone: 'wait', icon: 'dead' },
  lost: { tone: 'bad', icon: 'cross' },
  unjudged: { tone: 'wait', icon: 'info' },
}

function Verdict({ verdict: { outcome, text } }: { readonly verdict: TrialVerdict }) {
  const { tone, icon } = verdicts[outcome]
  return (
    <Banner tone={tone}>
      <span class="verdict-icon">
        <Icon name={icon} />
      </span>
      <span>{text}</span>
    </Banner>
  )
}

function End({ id }: { readonly id: string }) {
  const [ends, end] = useState(false)
  const [error, fail] = useState<Error | undefined>(undefined)
  return (
    <>
      <button
        type="button"
        class="button small"
        disabled={ends}
        onClick={() => {
          end(true)
          void cancelTrial(id)
            .catch(fail)
            .finally(() => end(false))
        }}
      >
        End the trial
      </button>
      {error !== undefined && <span class="wrong">{error.message}</span>}
    </>
  )
}

/** What the strip shows, for whoever does not see it. */
function InSeconds({ trial: { startedAt, bars } }: { readonly trial: TrialView }) {
  const perSecond = 1_000 / bars.spanMs
  const sums = (values: readonly number[]) =>
    Array.from({ length: Math.ceil(values.length / perSecond) }, (_, at) =>
      values.slice(at * perSecond, (at + 1) * perSecond).reduce((sum, value) => sum + value, 0),
    )
  const accepted = sums(bars.accepted)
  const lines = [
    { label: 'accepted', values: accepted, colour: '--work', dash: [] },
    { label: 'processed', values: sums(bars.processed), colour: '--good', dash: [] },
  ]
  const times = accepted.map((_, at) => startedAt + at * 1_000)
  return <NumbersTable label="Messages in each second" times={times} lines={lines} show={String} />
}
