import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

export const rowNames = [
  'http',
  'batch',
  'consume',
  'start',
  'latency',
  'memory',
  'growth',
  'spool',
  'journal',
  'traces',
] as const

export type RowName = (typeof rowNames)[number]

export interface BenchOptions {
  readonly rows: readonly RowName[]
  /** `quick` shows that everything works, in rounds too short to be quoted. */
  readonly size: 'quick' | 'full'
  /** A folder with another build of Handoff, which stands beside this one in `http` and `consume`. */
  readonly before?: string
  /** A RabbitMQ that runs already, in place of an own node. */
  readonly brokerUrl?: string
  /** How the names of those begin that take part in `http` and `consume`. */
  readonly only?: readonly string[]
}

const known = {
  rows: { type: 'string' },
  quick: { type: 'boolean' },
  before: { type: 'string' },
  broker: { type: 'string' },
  only: { type: 'string' },
} as const

/**
 * Reads `--rows a,b`, `--quick`, `--before FOLDER`, `--broker URL` and `--only NAME,NAME`; throws for anything else, naming
 * what there is.
 */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { rows, quick, before, broker, only } = read(args)
  return {
    rows: rows?.split(',').map(rowNamed) ?? rowNames,
    size: quick === true ? 'quick' : 'full',
    ...(before !== undefined && { before: folderGiven(before) }),
    ...(broker !== undefined && { brokerUrl: urlGiven(broker) }),
    ...(only !== undefined && { only: only.split(',') }),
  }
}

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: known }).values
  } catch (error) {
    const usage = `--quick, --before FOLDER, --broker URL, --only NAME,NAME and --rows ${rowNames.join(',')}`
    throw new Error(`${(error as Error).message}; use ${usage}`, { cause: error })
  }
}

function folderGiven(folder: string): string {
  const built = join(folder, 'dist', 'services')
  if (folder === '' || !existsSync(built))
    throw new Error(`--before wants the folder of another checkout that is built; there is no "${built}"`)
  return resolve(folder)
}

function urlGiven(url: string): string {
  if (!/^amqps?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new Error(`--broker wants the address of a RabbitMQ that nobody else uses, amqp://…, not "${url}"`)
  return url
}

function rowNamed(name: string): RowName {
  const found = rowNames.find((known) => known === name)
  if (found === undefined) throw new Error(`there is no row "${name}"; there are ${rowNames.join(', ')}`)
  return found
}
