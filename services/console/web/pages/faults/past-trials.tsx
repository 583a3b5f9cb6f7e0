import type { TrialView } from '../../../views/faults'
import { clockTime, count, duration } from '../../data/format'
import { hrefTo } from '../../router'
import { stateLooks } from './words'

const outcomes = { kept: 'nothing lost', odd: 'nothing lost, but odd', lost: 'lost', unjudged: 'not judged' } as const

interface PastTrialsProps {
  readonly trials: readonly TrialView[]
  /** The id of the one that is shown whole. */
  readonly shown: string | undefined
}

/** The trials since the console was started. */
export function PastTrials({ trials, shown }: PastTrialsProps) {
  return (
    <section class="card flush" aria-label="Trials so far">
      <header>
        <h2>Trials so far</h2>
        <span class="hint">since the console was started</span>
      </header>
      <div class="table-scroll" tabIndex={0} role="region" aria-label="Trials so far, as a table">
        <table>
          <thead>
            <tr>
              <th>Begun</th>
              <th>Fault</th>
              <th class="number">Accepted</th>
              <th class="number">Lost</th>
              <th class="number">Gap, accepting</th>
              <th class="number">Gap, processing</th>
              <th>Verdict</th>
            </tr>
          </thead>
          <tbody>
            {trials.map((trial) => (
              <Row key={trial.id} trial={trial} isShown={trial.id === shown} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Row({ trial, isShown }: { readonly trial: TrialView; readonly isShown: boolean }) {
  const { id, title, target, startedAt, counts, gaps, verdict, state } = trial
  return (
    <tr>
      <td class="mono">{clockTime(startedAt).slice(0, 8)}</td>
      <td>
        <a href={hrefTo(['faults', id])} {...(isShown && { 'aria-current': 'true' as const })}>
          {title}, {target}
        </a>
      </td>
      <td class="number">{count(counts.accepted)}</td>
      <td class="number">{verdict === undefined ? '–' : count(counts.open)}</td>
      <td class="number">{duration(gaps.accepted?.ms)}</td>
      <td class="number">{duration(gaps.processed?.ms)}</td>
      <td>{verdict === undefined ? stateLooks[state].says : outcomes[verdict.outcome]}</td>
    </tr>
  )
}
