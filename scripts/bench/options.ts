export const rowNames = ['http', 'consume', 'start', 'latency', 'memory', 'growth'] as const

export type RowName = (typeof rowNames)[number]

export interface BenchOptions {
  readonly rows: readonly RowName[]
  /** `quick` shows that everything works, in rounds too short to be quoted. */
  readonly size: 'quick' | 'full'
}

/** Reads `--quick` and `--rows a,b`; throws for anything else, naming what there is. */
export function parseOptions(args: readonly string[]): BenchOptions {
  let rows: readonly RowName[] = rowNames
  let size: BenchOptions['size'] = 'full'
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]
    if (arg === '--quick') size = 'quick'
    else if (arg === '--rows') rows = (args[++at] ?? '').split(',').map(rowNamed)
    else throw new Error(`"${arg}" is not known here; use --quick and --rows ${rowNames.join(',')}`)
  }
  return { rows, size }
}

function rowNamed(name: string): RowName {
  const found = rowNames.find((known) => known === name)
  if (found === undefined) throw new Error(`there is no row "${name}"; there are ${rowNames.join(', ')}`)
  return found
}
