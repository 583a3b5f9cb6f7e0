import type { Verdict } from './judge'
import type { Tally } from './tally'

/** One fault of a run; times in milliseconds since its beginning. */
export interface FaultRecord {
  readonly name: string
  readonly beganMs: number
  readonly endedMs: number
  /** From its end until both services were ready. */
  readonly readyAfterMs: number
}

/** What had happened by a moment of the run. */
export interface Sample {
  readonly atMs: number
  readonly sent: number
  readonly accepted: number
  readonly processed: number
}

/** A whole run; `report.json` is this. */
export interface Report {
  readonly result: 'nothing lost or doubled' | 'a gap' | 'not brought to its end'
  readonly startedAt: string
  readonly seconds: number
  /** What was under test and what it ran on, by name. */
  readonly versions: Readonly<Record<string, string>>
  /** The options of the run, by name; the seed is among them where there were faults. */
  readonly options: Readonly<Record<string, string | number>>
  readonly tally: Tally
  readonly verdict: Verdict
  /** Why the run was not brought to its end, in sentences; with none, or without it, it was. */
  readonly unfinished?: readonly string[]
  readonly bound: string
  readonly faults: readonly FaultRecord[]
  readonly samples: readonly Sample[]
}
