import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { SimulationOptions } from './options'
import { workerArguments } from './worker-arguments'

/** What a process tells of one seed; test/simulation/simulate.ts and seeds-child.ts say what each means. */
export interface SimulatedRun {
  readonly seed: number
  readonly faults: readonly string[]
  readonly messages: number
  readonly troubles: readonly string[]
  readonly lastedMs: number
  readonly processorMs: number
  readonly story?: readonly string[]
}

interface Task {
  readonly from: number
  readonly count: number
  readonly step: number
  readonly story: boolean
}

/**
 * Shares the seeds out to processes of their own; calls back for each run. Rejects when one of them breaks, which it also
 * does by an end in peace before it has told all its runs: silence about a seed is no promise kept.
 */
export async function runWorkers(
  root: string,
  { from, count, workers, story }: SimulationOptions,
  ran: (run: SimulatedRun) => void,
): Promise<void> {
  const tasks = Array.from({ length: workers }, (_, at) => ({
    from: from + at,
    count: Math.ceil((count - at) / workers),
    step: workers,
    story: story === 'told',
  }))
  await Promise.all(tasks.map((task) => runWorker(root, task, ran)))
}

async function runWorker(root: string, task: Task, ran: (run: SimulatedRun) => void): Promise<void> {
  const args = workerArguments(root, task)
  const worker = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    worker.once('close', (code, signal) => resolve(code ?? signal))
  })
  let told = 0
  for await (const line of createInterface(worker.stdout)) {
    ran(JSON.parse(line) as SimulatedRun)
    told++
  }
  const how = await ended
  if (how === 0 && told === task.count) return
  throw new Error(
    `a process of the simulation told ${told} of its ${task.count} runs and ended with ${how}; if it said why, that stands above`,
  )
}
