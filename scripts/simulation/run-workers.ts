import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { dieWithUs } from '../system/die-with-us'
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
 * does by an end in peace before it has told all its runs: silence about a seed is no promise kept. None is left behind.
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
  const started = tasks.map((task) => startWorker(root, task))
  try {
    await Promise.all(started.map((worker) => heard(worker, ran)))
  } finally {
    for (const { process } of started) process.kill('SIGKILL')
    await Promise.all(started.map(({ ended }) => ended))
  }
}

interface Worker {
  readonly count: number
  readonly process: ChildProcessByStdio<null, Readable, null>
  /** With which exit code, or by which signal. */
  readonly ended: Promise<number | NodeJS.Signals | null>
}

function startWorker(root: string, task: Task): Worker {
  const args = workerArguments(root, task)
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  if (child.pid !== undefined) child.once('exit', dieWithUs(child.pid))
  const ended: Worker['ended'] = new Promise((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
  return { count: task.count, process: child, ended }
}

async function heard(worker: Worker, ran: (run: SimulatedRun) => void): Promise<void> {
  let told = 0
  for await (const line of createInterface(worker.process.stdout)) {
    ran(JSON.parse(line) as SimulatedRun)
    told++
  }
  const how = await worker.ended
  if (how === 0 && told === worker.count) return
  throw new Error(
    `a process of the simulation told ${told} of its ${worker.count} runs and ended with ${how}; if it said why, that stands above`,
  )
}
