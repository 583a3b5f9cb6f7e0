import type { Step, StepKind } from '../../../shared/journal/step'
import type { Counted, Timed } from '../views/numbers'

/** A count of one at a time, or a duration that ended at a time. Milliseconds. */
export type Measured =
  { readonly what: Counted; readonly at: number } | { readonly what: Timed; readonly at: number; readonly ms: number }

const countOf: Partial<Record<StepKind, Counted>> = {
  accepted: 'accepted',
  delivered: 'attempts',
  processed: 'processed',
  failed: 'failed',
  waiting: 'retried',
  dead: 'dead',
  replayed: 'replayed',
}

const attemptEnds: ReadonlySet<StepKind> = new Set(['processed', 'filtered', 'failed', 'dead'])

/** Two steps whose distance is a duration. */
interface Pair {
  readonly what: Timed
  readonly from: Step
  readonly to: Step
}

/**
 * What new steps of a message amount to, given all of them. Services tell in an order of chance, so that a duration is
 * complete with whichever of its two steps comes last; by then it is measured once, and never again.
 */
export function measured(steps: readonly Step[], fresh: readonly Step[]): readonly Measured[] {
  const isFresh = new Set(fresh)
  const counts = fresh.flatMap((step) => countsOf(step, steps).map((what) => ({ what, at: step.at })))
  const times = pairsOf(steps)
    .filter(({ from, to }) => isFresh.has(from) || isFresh.has(to))
    .map(({ what, from, to }) => ({ what, at: to.at, ms: Math.max(0, to.at - from.at) }))
  return [...counts, ...times]
}

function countsOf(step: Step, steps: readonly Step[]): readonly Counted[] {
  if (step.kind === 'processed' && step.facts?.effect === 'duplicate') return []
  // An attempt that fails for the last time is told by its end alone.
  if (step.kind === 'dead' && !steps.some((each) => each.kind === 'failed' && isSameAttempt(each, step)))
    return ['dead', 'failed']
  const what = countOf[step.kind]
  return what === undefined ? [] : [what]
}

function pairsOf(steps: readonly Step[]): readonly Pair[] {
  const first = (kind: StepKind) => steps.find((step) => step.kind === kind)
  const [accepted, published, routed] = [first('accepted'), first('published'), first('routed')]
  const confirm = pair('confirm', published, routed)
  const others = steps.flatMap((step): readonly Pair[] => {
    if (step.kind === 'delivered') return step === firstDelivery(steps, step.group) ? pair('wait', routed, step) : []
    if (!attemptEnds.has(step.kind) || step.facts?.effect === 'duplicate') return []
    const begun = lastDelivery(steps, step)
    const handler = step.kind === 'dead' && hasFailed(steps, step) ? [] : pair('handler', begun, step)
    return step.kind === 'processed' ? [...handler, ...pair('endToEnd', accepted, step)] : handler
  })
  return [...confirm, ...others]
}

/** What was given back, as while its group was paused, is not at work until it is delivered again. */
function lastDelivery(steps: readonly Step[], end: Step): Step | undefined {
  const before = steps.filter((step) => step.kind === 'delivered' && isSameAttempt(step, end) && step.at <= end.at)
  return before.reduce<Step | undefined>(
    (last, step) => (last === undefined || step.at > last.at ? step : last),
    undefined,
  )
}

function hasFailed(steps: readonly Step[], end: Step): boolean {
  return steps.some((each) => each.kind === 'failed' && isSameAttempt(each, end))
}

function pair(what: Timed, from: Step | undefined, to: Step | undefined): readonly Pair[] {
  return from === undefined || to === undefined ? [] : [{ what, from, to }]
}

/** What is given back, as by a consumer that stops, is delivered again at the same attempt. */
function firstDelivery(steps: readonly Step[], group: string | undefined): Step | undefined {
  return steps.find(
    (step) =>
      step.kind === 'delivered' && step.group === group && (step.attempt ?? 1) === 1 && (step.replays ?? 0) === 0,
  )
}

function isSameAttempt(a: Step, b: Step): boolean {
  return a.group === b.group && (a.attempt ?? 1) === (b.attempt ?? 1) && (a.replays ?? 0) === (b.replays ?? 0)
}
