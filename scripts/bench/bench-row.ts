import type { BenchBroker } from './bench-broker'
import type { Result } from './comparison'
import type { BenchOptions } from './options'
import type { Say } from '../terminal/say'

/** What every row works with. */
export interface BenchParts {
  readonly root: string
  readonly broker: BenchBroker
  readonly size: BenchOptions['size']
  readonly say: Say
  /** Aborts when a person wants it to end. */
  readonly asked: AbortSignal
  /** A folder for stores; removed at the end. */
  readonly directory: string
  /** An empty PostgreSQL database; undefined where no server answers. */
  readonly postgresUrl: string | undefined
  /** Where another build of Handoff is, to be measured beside this one. */
  readonly before: string | undefined
  /** How the names of those begin that take part; undefined for all. */
  readonly only: readonly string[] | undefined
}

/** One comparison, as it is printed, kept and drawn. */
export interface BenchRow {
  readonly title: string
  /** How it was measured, in a sentence. */
  readonly how: string
  /** Which of its figures the chart shows. */
  readonly drawn: string
  /** What the ratios are to; none where nothing is compared. */
  readonly against?: 'the bare' | 'the first'
  /** What Handoff's ratio of the drawn figure is to be at most. */
  readonly target?: number
  readonly results: readonly Result[]
}
