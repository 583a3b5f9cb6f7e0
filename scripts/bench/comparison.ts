/** What one round of one contestant came to. */
export interface Sample {
  readonly perSecond: number
  /** CPU time of the contestant's process alone, user and system. */
  readonly cpuMicrosPerMessage: number
}

/** One contestant of a comparison: medians over all rounds. */
export interface Result extends Sample {
  readonly name: string
  /** Against the yardstick, each round against its own; above 1 is more. */
  readonly speedRatio: number
  readonly cpuRatio: number
}

/** The middle one; of an even number the mean of the two in the middle. Throws for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  if (upper === undefined || lower === undefined) throw new Error('there is no median of nothing')
  return (lower + upper) / 2
}

/**
 * Each contestant's samples, one for each round, against those of the yardstick. The ratio is formed within a round and
 * the median is taken of the ratios: what disturbs the machine for a while disturbs both sides of it.
 */
export function compare(samples: ReadonlyMap<string, readonly Sample[]>, yardstick: string): readonly Result[] {
  const base = samples.get(yardstick)
  if (base === undefined) throw new Error(`the yardstick "${yardstick}" has not run`)
  return [...samples].map(([name, own]) => ({
    name,
    perSecond: median(own.map(({ perSecond }) => perSecond)),
    cpuMicrosPerMessage: median(own.map(({ cpuMicrosPerMessage }) => cpuMicrosPerMessage)),
    speedRatio: medianRatio(own, base, 'perSecond'),
    cpuRatio: medianRatio(own, base, 'cpuMicrosPerMessage'),
  }))
}

function medianRatio(own: readonly Sample[], base: readonly Sample[], of: keyof Sample): number {
  if (own.length !== base.length) throw new Error(`${own.length} rounds cannot be compared with ${base.length}`)
  return median(own.map((sample, round) => sample[of] / (base[round] as Sample)[of]))
}
