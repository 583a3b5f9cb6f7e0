import type { Step, StepKind } from './step'

/** The state of a message as a whole, of which the worst group has the say. */
export type MessageState = Exclude<StepKind, 'failed'>

export interface GroupState {
  readonly name: string
  /** `routed`: it has not been delivered to this group yet. */
  readonly state:
    'routed' | 'delivered' | 'waiting' | 'processed' | 'filtered' | 'dead' | 'replayed' | 'discarded' | 'cancelled'
  /** The last one since it was last replayed; 0 before the first. */
  readonly attempt: number
  readonly replays: number
}

export interface StateOfAll {
  readonly state: MessageState
  readonly groups: readonly GroupState[]
}

/** Reads the state of a message off its steps, in whatever order they were told and by whatever clocks. */
export function stateOf(steps: readonly Step[]): StateOfAll {
  const names = new Set(steps.flatMap(({ group, facts }) => (group === undefined ? (facts?.groups ?? []) : [group])))
  const groups = [...names].map((name) => groupState(name, steps))
  return { state: stateOfGroups(groups) ?? stateBefore(steps), groups }
}

function stateOfGroups(groups: readonly GroupState[]): MessageState | undefined {
  const has = (...states: readonly GroupState['state'][]) => groups.some(({ state }) => states.includes(state))
  // Whoever got it has not handled it, and the others will not.
  if (has('cancelled')) return 'cancelled'
  if (has('dead')) return 'dead'
  if (has('waiting')) return 'waiting'
  if (has('replayed')) return 'replayed'
  // One that is done while another has not begun is under way as a whole.
  if (has('routed', 'delivered'))
    return has('delivered', 'processed', 'filtered', 'discarded') ? 'delivered' : undefined
  if (groups.length === 0) return undefined
  if (has('discarded')) return 'discarded'
  return has('processed') ? 'processed' : 'filtered'
}

/** What it is before the first delivery. Sent in vain, it still waits where it is stored. */
function stateBefore(steps: readonly Step[]): MessageState {
  const told = new Set(steps.map(({ kind }) => kind))
  const before = ['cancelled', 'routed', 'unrouted', 'dropped', 'delayed', 'stored', 'published'] as const
  return before.find((kind) => told.has(kind)) ?? 'accepted'
}

function groupState(name: string, steps: readonly Step[]): GroupState {
  let last: Place | undefined
  let attempt = 0
  for (const step of steps) {
    if (step.group !== name) continue
    const place = placeOf(step)
    if (last === undefined || isAfter(place, last)) last = place
  }
  if (last === undefined) return { name, state: 'routed', attempt: 0, replays: 0 }
  for (const step of steps)
    if (step.group === name && placeOf(step).life === last.life) attempt = Math.max(attempt, step.attempt ?? 0)
  const state = last.kind === 'failed' ? 'waiting' : (last.kind as GroupState['state'])
  return { name, state, attempt, replays: last.life }
}

/** Where a step stands in the course of a group, which no clock has a say in. */
interface Place {
  readonly kind: StepKind
  /** Between two replays. */
  readonly life: number
  /** A redelivery of what is done changes nothing. */
  readonly isEnd: 0 | 1
  readonly attempt: number
  readonly rank: number
}

const ends: ReadonlySet<StepKind> = new Set(['processed', 'filtered', 'cancelled', 'dead', 'discarded'])
const course: readonly StepKind[] = [
  'replayed',
  'delivered',
  'failed',
  'waiting',
  'filtered',
  'cancelled',
  'processed',
  'dead',
  'discarded',
]

function placeOf({ kind, attempt = 0, replays = 0 }: Step): Place {
  return {
    kind,
    life: kind === 'replayed' ? replays + 1 : replays,
    isEnd: ends.has(kind) ? 1 : 0,
    attempt: kind === 'discarded' ? Infinity : attempt,
    rank: course.indexOf(kind),
  }
}

function isAfter(one: Place, other: Place): boolean {
  for (const by of ['life', 'isEnd', 'attempt', 'rank'] as const) if (one[by] !== other[by]) return one[by] > other[by]
  return false
}
