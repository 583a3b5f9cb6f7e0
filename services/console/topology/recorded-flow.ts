import type { Step, StepKind } from '../../../shared/journal/step'
import type { Change } from '../window/message-window'

/** What a type's messages did at a group, or, without a group, on their way to all. */
export interface Flow {
  readonly type: string
  readonly group?: string
  /** Published, or handed to the group by its exchange, a second. */
  readonly in: number
  /** Replayed to the group, a second. */
  readonly back: number
  /** Attempts of the group that ended, a second. */
  readonly out: number
}

export interface RecordedFlows {
  readonly seconds: number
  /** The share of messages that the journal tells of, 0 to 1. */
  readonly share: number
  readonly flows: readonly Flow[]
}

/** Services gather what they tell for a quarter of a second, and the broker takes its time as well. */
const completeAfterMs = 2_000
const seconds = 15
const keptMs = seconds * 1_000 + completeAfterMs
const ends: ReadonlySet<StepKind> = new Set(['processed', 'filtered', 'waiting', 'dead'])

interface Second {
  in: number
  back: number
  out: number
}

const nothing: Readonly<Second> = { in: 0, back: 0, out: 0 }

export interface RecordedFlowParts {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The share of messages that the journal tells of, 0 to 1. */
  readonly share: number
}

/** What the journal told of the last seconds, by type and group and by the clocks of whoever took the steps. */
export class RecordedFlow {
  readonly #parts: RecordedFlowParts
  readonly #bySecond = new Map<number, Map<string, Second>>()

  constructor(parts: RecordedFlowParts) {
    this.#parts = parts
  }

  add({ row: { type }, fresh }: Pick<Change, 'fresh'> & { readonly row: Pick<Change['row'], 'type'> }): void {
    const now = this.#parts.now()
    for (const step of fresh) {
      // While the day is read, nearly all is older; a clock that is ahead is not waited for.
      if (step.at < now - keptMs || step.at > now + keptMs) continue
      for (const { group, way } of countsOf(step)) this.#count(step.at, JSON.stringify([type, group]), way)
    }
    this.#forget(now)
  }

  view(): RecordedFlows {
    const to = Math.floor((this.#parts.now() - completeAfterMs) / 1_000)
    const sums = new Map<string, Second>()
    for (let second = to - seconds; second < to; second++)
      for (const [key, counts] of this.#bySecond.get(second) ?? []) {
        const sum = sums.get(key) ?? nothing
        sums.set(key, { in: sum.in + counts.in, back: sum.back + counts.back, out: sum.out + counts.out })
      }
    return { seconds, share: this.#parts.share, flows: [...sums].map(([key, sum]) => flowOf(key, sum)) }
  }

  #count(at: number, key: string, way: keyof Second): void {
    const second = Math.floor(at / 1_000)
    const counts = this.#bySecond.get(second) ?? new Map<string, Second>()
    this.#bySecond.set(second, counts)
    const count = counts.get(key) ?? { ...nothing }
    counts.set(key, count)
    count[way]++
  }

  #forget(now: number): void {
    for (const second of this.#bySecond.keys())
      if (Math.abs(second * 1_000 - now) > keptMs + 1_000) this.#bySecond.delete(second)
  }
}

/** An attempt that will be repeated is told by its waiting, and one that failed for good by its death. */
function countsOf({ kind, group, facts }: Step): readonly { readonly group?: string; readonly way: keyof Second }[] {
  if (kind === 'published') return [{ way: 'in' }]
  if (kind === 'routed') return (facts?.groups ?? []).map((name) => ({ group: name, way: 'in' }))
  if (group === undefined) return []
  if (kind === 'replayed') return [{ group, way: 'back' }]
  return ends.has(kind) ? [{ group, way: 'out' }] : []
}

function flowOf(key: string, sum: Second): Flow {
  const [type, group] = JSON.parse(key) as [string, string | null]
  const perSecond = (count: number) => count / seconds
  const rates = { in: perSecond(sum.in), back: perSecond(sum.back), out: perSecond(sum.out) }
  return { type, ...(group !== null && { group }), ...rates }
}
