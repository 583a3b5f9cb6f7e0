import type { TrialView } from '../../../views/faults'
import { isRunning } from '../../data/faults'
import { count, duration } from '../../data/format'

type Fact = readonly [name: string, value: string, tone?: 'bad' | 'good']

/** How many, and for how long nothing came. */
export function Counts({ trial }: { readonly trial: TrialView }) {
  return (
    <dl class="trial-counts">
      {factsOf(trial).map(([name, value, tone]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd style={tone === undefined ? {} : { color: `var(--${tone})` }}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function factsOf(trial: TrialView): readonly Fact[] {
  const { sent, accepted, processed, refused, unknown, givenUp, absorbed, untold, retried, dead, open } = trial.counts
  const where = (name: string, value: number): readonly Fact[] => (value > 0 ? [[name, count(value)]] : [])
  return [
    ['sent', count(sent)],
    ['accepted', count(accepted)],
    ['processed', count(processed)],
    ...where('refused at first', refused),
    ...where('unknown at first', unknown),
    ...where('never accepted', givenUp),
    ...where('delivered again', absorbed),
    ...where('known by the inbox', untold),
    ...where('tried again', retried),
    ...where('dead letters', dead),
    isRunning(trial) ? ['without an end yet', count(open)] : ['lost', count(open), open > 0 ? 'bad' : 'good'],
    ['gap in accepting', duration(trial.gaps.accepted?.ms)],
    ['gap in processing', duration(trial.gaps.processed?.ms)],
  ]
}
