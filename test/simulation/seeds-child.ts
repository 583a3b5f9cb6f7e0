/**
 * Runs seeds in a process whose clock, chance and network it has taken away, and writes a line of JSON for each. Its
 * argument is a JSON of {@link SeedsTask}.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { plant } from './plants'
import type { simulate as simulateOne } from './simulate'
import { takeOver } from './take-over'

export interface SeedsTask {
  readonly from: number
  readonly count: number
  /** From one seed to the next. Default 1. */
  readonly step?: number
  /** The name of a fault to plant; ends with the first seed that finds it. */
  readonly plant?: string
  /** Tells the whole story of each run. */
  readonly story?: boolean
}

const root = join(__dirname, '..', '..')

async function main({ from, count, step = 1, plant: planted, story }: SeedsTask): Promise<void> {
  takeOver()
  if (planted !== undefined) plant(planted, root)
  // amqplib notes the stack of each call, which takes half of all the time.
  if (story !== true) Error.stackTraceLimit = 0
  // Loaded only now: amqplib keeps the clock that it finds, and a planted fault has to be there before.
  const { simulate } = createRequire(__filename)('./simulate') as { readonly simulate: typeof simulateOne }
  for (let run = 0; run < count; run++) {
    const before = process.cpuUsage()
    const { story: lines, ...result } = await simulate(from + run * step)
    const { user, system } = process.cpuUsage(before)
    const told = { ...result, processorMs: (user + system) / 1_000, ...(story === true ? { story: lines } : {}) }
    process.stdout.write(`${JSON.stringify(told)}\n`)
    if (planted !== undefined && result.faults.length > 0) break
  }
}

// What nobody handles counts as a fault of the world that is simulated: neither a reader who has gone nor a rejection of
// our own would end the process by itself, or end it red.
process.stdout.on('error', () => process.exit(1))
main(JSON.parse(process.argv[2] ?? '') as SeedsTask).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(`the simulation broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    process.exit(1)
  },
)
