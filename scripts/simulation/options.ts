import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'

export interface SimulationOptions {
  readonly from: number
  readonly count: number
  readonly workers: number
  /** `told`: one seed, with all that happens in it. */
  readonly story: 'told' | 'untold'
}

const known = {
  seeds: { type: 'string' },
  from: { type: 'string' },
  seed: { type: 'string' },
  workers: { type: 'string' },
} as const
const usage =
  'use --seeds COUNT (1000), --from SEED (1) and --workers COUNT (as many as processors), or --seed SEED alone'

/** Reads `--seeds`, `--from`, `--workers` and `--seed`; throws for anything else, naming what there is. */
export function parseSimulationOptions(args: readonly string[]): SimulationOptions {
  const { seeds, from, seed, workers } = read(args)
  if (seed !== undefined && (seeds ?? from ?? workers) !== undefined)
    throw new Error(`--seed ${seed} is one run, which nothing else goes with; ${usage}`)
  if (seed !== undefined) return { from: whole('--seed', seed), count: 1, workers: 1, story: 'told' }
  const count = whole('--seeds', seeds ?? '1000')
  const most = whole('--workers', workers ?? String(availableParallelism()))
  return { from: whole('--from', from ?? '1'), count, workers: Math.min(most, count), story: 'untold' }
}

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: known }).values
  } catch (error) {
    throw new Error(`${(error as Error).message}; ${usage}`, { cause: error })
  }
}

function whole(option: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1 || value > 4_294_967_295)
    throw new Error(`${option} is "${text}"; give a whole number from 1 to 4294967295`)
  return value
}
