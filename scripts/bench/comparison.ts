/** What one round of one contestant came to, by what was measured, in words with the unit: `messages/s`. */
export type Sample = Readonly<Record<string, number>>

/** One contestant of a comparison. */
export interface Result {
  readonly name: string
  readonly figures: Readonly<Record<string, Figure>>
}

export interface Figure {
  /** Over all rounds. */
  readonly median: number
  /** Against the yardstick, each round against its own, and of these the median; above 1 is more. None: no comparison. */
  readonly ratio?: number
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
  const measured = Object.keys(base[0] ?? {})
  return [...samples].map(([name, own]) => ({
    name,
    figures: Object.fromEntries(measured.map((what) => [what, figure(valuesOf(own, what), valuesOf(base, what))])),
  }))
}

function valuesOf(samples: readonly Sample[], what: string): readonly number[] {
  return samples.map((sample) => sample[what] ?? NaN)
}

function figure(own: readonly number[], base: readonly number[]): Figure {
  if (own.length !== base.length) throw new Error(`${own.length} rounds cannot be compared with ${base.length}`)
  return { median: median(own), ratio: median(own.map((value, round) => value / (base[round] ?? NaN))) }
}
