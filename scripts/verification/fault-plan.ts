import { seededRandom } from '../../shared/verification/seeded-random'
import type { FaultName } from './faults/all'

/** One fault to come; times in milliseconds. */
export interface PlannedFault {
  readonly name: FaultName
  /** From when both services are ready until it begins. */
  readonly afterMs: number
  readonly lastsMs: number
}

const pauseMs = { least: 500, most: 1_500 }
const lastsMs = { least: 500, most: 3_000 }

/** The same faults in the same order for the same seed; each kind once before any comes again. */
export function faultPlan({ seed, faults, kinds }: PlanFacts): readonly PlannedFault[] {
  const random = seededRandom(seed)
  const between = ({ least, most }: typeof pauseMs) => Math.round(least + random() * (most - least))
  const names: FaultName[] = []
  while (names.length < faults) names.push(...shuffled(kinds, random))
  return names.slice(0, faults).map((name) => ({ name, afterMs: between(pauseMs), lastsMs: between(lastsMs) }))
}

export interface PlanFacts {
  readonly seed: number
  readonly faults: number
  readonly kinds: readonly FaultName[]
}

function shuffled<T>(list: readonly T[], random: () => number): readonly T[] {
  return list
    .map((value) => ({ value, place: random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ value }) => value)
}
