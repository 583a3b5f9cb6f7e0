import { join } from 'node:path'

// A run leaves its whole world behind: with more room for what is young, hardly any of it has to be moved before it is gone.
const roomForYoung = ['--min-semi-space-size=32', '--max-semi-space-size=32']

/** For Node: what makes it a process of the simulation that has this task. */
export function workerArguments(root: string, task: object): readonly string[] {
  const child = join(root, 'test', 'simulation', 'seeds-child.ts')
  return [...roomForYoung, '-r', 'ts-node/register/transpile-only', child, JSON.stringify(task)]
}
