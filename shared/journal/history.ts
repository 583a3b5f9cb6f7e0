import type { StepKind, ToldStep } from './step'

/** What may be told again by whoever did not know that it had been told; the first time counts. */
const onlyOnce: ReadonlySet<StepKind> = new Set(['accepted', 'stored', 'routed', 'unrouted', 'delayed', 'dropped'])

/** What a message that fails for ever, or is sent again and again, has ever more of. */
const manifold: ReadonlySet<StepKind> = new Set(['published', 'delivered', 'failed', 'waiting'])

/** So many steps of one message are kept: beyond that the oldest attempts are forgotten, and then the oldest of others. */
export const mostSteps = 200

/** Both together, without repetitions, in the order in which they were told. */
export function extended(kept: readonly ToldStep[], more: readonly ToldStep[]): readonly ToldStep[] {
  const steps = [...kept]
  for (const step of more) if (!isTold(step, steps)) steps.push(step)
  return shortened(steps)
}

// They are few: a set would cost more than it saves.
function isTold({ key, kind }: ToldStep, steps: readonly ToldStep[]): boolean {
  return steps.some((each) => each.key === key || (each.kind === kind && onlyOnce.has(kind)))
}

function shortened(steps: readonly ToldStep[]): readonly ToldStep[] {
  const attempts = withoutOldest(steps, ({ kind, facts }) => manifold.has(kind) || facts?.effect === 'duplicate')
  return withoutOldest(attempts, ({ kind }) => !onlyOnce.has(kind))
}

function withoutOldest(steps: readonly ToldStep[], mayGo: (step: ToldStep) => boolean): readonly ToldStep[] {
  let surplus = steps.length - mostSteps
  return surplus <= 0 ? steps : steps.filter((step) => !mayGo(step) || surplus-- <= 0)
}

const ranks: Readonly<Record<StepKind, number>> = {
  accepted: 0,
  stored: 1,
  published: 2,
  routed: 3,
  unrouted: 3,
  delayed: 3,
  dropped: 3,
  delivered: 4,
  failed: 5,
  waiting: 6,
  processed: 7,
  filtered: 7,
  dead: 7,
  replayed: 8,
  discarded: 8,
  cancelled: 8,
}

/** By time; within a millisecond as one step leads to the next. */
export function inOrder(steps: readonly ToldStep[]): readonly ToldStep[] {
  return [...steps].sort((a, b) => a.at - b.at || ranks[a.kind] - ranks[b.kind])
}
