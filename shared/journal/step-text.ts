import { stepKinds, type Step, type StepKind, type ToldStep } from './step'

/** A step as an array, without what is missing at its end: `[kind, at, group, attempt, replays, facts]`. */
export type RawStep = readonly unknown[]

const kinds: ReadonlySet<unknown> = new Set(stepKinds)
/** Beyond it is no date: one such step would keep its message from ever being shown. */
const mostMs = 8.64e15

export function rawOf({ kind, group, attempt, replays, facts }: Omit<Step, 'at'>, at: number): RawStep {
  if (facts !== undefined) return [kind, at, group, attempt, replays, facts]
  return group === undefined ? [kind, at] : [kind, at, group, attempt, replays]
}

/** Undefined for what is no step, such as one of a later version, or at a time that no calendar has. */
export function stepOf(raw: unknown, key: string): ToldStep | undefined {
  if (!Array.isArray(raw)) return undefined
  const [kind, at, group, attempt, replays, facts] = raw as unknown[]
  if (!kinds.has(kind) || typeof at !== 'number' || !(Math.abs(at) <= mostMs)) return undefined
  if (raw.length === 2) return { key, kind: kind as StepKind, at }
  return {
    key,
    kind: kind as StepKind,
    at,
    ...(typeof group === 'string' && { group }),
    ...(typeof attempt === 'number' && { attempt }),
    ...(typeof replays === 'number' && { replays }),
    ...(typeof facts === 'object' && facts !== null && { facts: facts }),
  }
}

/** The name of a step: by whom it was told, in which of his records, and where in that. */
export function keyOf(writer: string, number: number, at: number): string {
  return `${writer}.${number.toString(36)}.${at}`
}

/** Told steps as JSON: each as an array with its name before it. */
export function textOf(steps: readonly ToldStep[]): string {
  return JSON.stringify(steps.map((step) => [step.key, ...rawOf(step, step.at)]))
}

/** What {@link textOf} wrote; what is no step is left out. */
export function stepsOf(text: string): readonly ToldStep[] {
  return (JSON.parse(text) as readonly [string, ...unknown[]][]).flatMap(([key, ...raw]) => stepOf(raw, key) ?? [])
}
