import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { workerArguments } from '../../scripts/simulation/worker-arguments'
import { atEnd } from '../support/ends'
import type { SeedsTask } from './seeds-child'
import type { Run } from './simulate'

const root = join(__dirname, '..', '..')

/** Runs these seeds in a process of their own. Rejects when that ends with another code than 0, with what it said. */
export async function runSeeds(task: SeedsTask): Promise<readonly Run[]> {
  const child = spawn(process.execPath, workerArguments(root, task), { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  atEnd(async () => {
    child.kill('SIGKILL')
    await ended
  })
  let said = ''
  child.stderr.on('data', (text: Buffer) => (said += text.toString()))
  const runs: Run[] = []
  for await (const line of createInterface(child.stdout)) runs.push(JSON.parse(line) as Run)
  if ((await ended) !== 0) throw new Error(`the simulation ended after ${runs.length} runs: ${said}`)
  return runs
}
