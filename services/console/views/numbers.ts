/** The time that numbers are of, and how many buckets it is shown in. */
export const ranges = {
  '5m': { seconds: 300, bucketSeconds: 5 },
  '1h': { seconds: 3_600, bucketSeconds: 60 },
  '6h': { seconds: 21_600, bucketSeconds: 300 },
  '24h': { seconds: 86_400, bucketSeconds: 900 },
} as const

export type RangeName = keyof typeof ranges

/** What is counted, each by the time of its step. */
export const counted = ['accepted', 'attempts', 'processed', 'failed', 'retried', 'dead', 'replayed'] as const
export type Counted = (typeof counted)[number]

/** What is timed, in milliseconds, each by the time of its end. */
export const timed = ['confirm', 'wait', 'handler', 'endToEnd'] as const
export type Timed = (typeof timed)[number]

export const percentiles = ['p50', 'p95', 'p99'] as const
export type Percentile = (typeof percentiles)[number]

/** Null where nothing ended. */
export type Percentiles = Readonly<Record<Percentile, number | null>>

export interface NumbersView {
  readonly range: RangeName
  /** The beginning of the first bucket and the end of the last, milliseconds since 1970. Only whole buckets are shown. */
  readonly from: number
  readonly to: number
  readonly bucketSeconds: number
  /** For each bucket. */
  readonly series: {
    readonly counts: Readonly<Record<Counted, readonly number[]>>
    readonly times: Readonly<Record<Timed, Readonly<Record<Percentile, readonly (number | null)[]>>>>
  }
  /** Of the whole range. */
  readonly total: {
    readonly counts: Readonly<Record<Counted, number>>
    readonly times: Readonly<Record<Timed, Percentiles & { readonly mean: number | null; readonly count: number }>>
    /** Failed attempts of all that ended, 0 to 100; null where none did. */
    readonly errorPercent: number | null
    /** Deliveries under way by Little's law; null where none ended. */
    readonly littles: number | null
  }
}

/** What a number means, for a person who points at it, and for docs/reference/numbers.md. */
export const formulas = {
  accepted: 'steps "accepted" in the time, divided by its seconds',
  processed: 'steps "processed" in the time, divided by its seconds; an event counts once for each group',
  errorPercent: 'attempts that failed, of all attempts that failed or were processed in the time',
  retried: 'steps "waiting" in the time: attempts that will be repeated',
  dead: 'steps "dead" in the time: messages that a group has parked',
  confirm: "from the publish to the broker's confirm: routed − published",
  wait: "from the broker's confirm to the first attempt of a group: delivered − routed",
  handler: 'from the beginning of an attempt to its end: processed, failed or dead − delivered',
  endToEnd: 'from the request to the effect in a group: processed − accepted, retries and their waits included',
  littles: "Little's law, L = λ × W: effects a second, times the mean from the request to the effect in seconds",
  unfinished:
    'messages in memory that have no end yet: not processed, filtered, unrouted, dead, discarded, dropped or cancelled',
  oldest: 'how long the oldest message without an end has been there; what is delayed does not count',
  available: 'looks at /readyz that were answered with 200, of all looks in the time; one look each two seconds',
} as const

export type FormulaName = keyof typeof formulas
