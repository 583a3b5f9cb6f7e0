import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const rowNames = ['http', 'consume', 'start', 'latency', 'memory', 'growth'] as const

export type RowName = (typeof rowNames)[number]

export interface BenchOptions {
  readonly rows: readonly RowName[]
  /** `quick` shows that everything works, in rounds too short to be quoted. */
  readonly size: 'quick' | 'full'
  /** A folder with another build of Handoff, which stands beside this one in `http` and `consume`. */
  readonly before?: string
  /** A RabbitMQ that runs already, in place of an own node. */
  readonly brokerUrl?: string
}

/** Reads `--quick`, `--rows a,b`, `--before FOLDER` and `--broker URL`; throws for anything else, naming what there is. */
export function parseOptions(args: readonly string[]): BenchOptions {
  let rows: readonly RowName[] = rowNames
  let size: BenchOptions['size'] = 'full'
  let before: string | undefined
  let brokerUrl: string | undefined
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]
    if (arg === '--quick') size = 'quick'
    else if (arg === '--rows') rows = (args[++at] ?? '').split(',').map(rowNamed)
    else if (arg === '--before') before = folderGiven(args[++at])
    else if (arg === '--broker') brokerUrl = urlGiven(args[++at])
    else
      throw new Error(
        `"${arg}" is not known here; use --quick, --before FOLDER, --broker URL and --rows ${rowNames.join(',')}`,
      )
  }
  return { rows, size, ...(before === undefined ? {} : { before }), ...(brokerUrl === undefined ? {} : { brokerUrl }) }
}

function folderGiven(folder = ''): string {
  const built = join(folder, 'dist', 'services')
  if (folder === '' || !existsSync(built))
    throw new Error(`--before wants the folder of another checkout that is built; there is no "${built}"`)
  return resolve(folder)
}

function urlGiven(url = ''): string {
  if (!/^amqps?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new Error(`--broker wants the address of a RabbitMQ that nobody else uses, amqp://…, not "${url}"`)
  return url
}

function rowNamed(name: string): RowName {
  const found = rowNames.find((known) => known === name)
  if (found === undefined) throw new Error(`there is no row "${name}"; there are ${rowNames.join(', ')}`)
  return found
}
