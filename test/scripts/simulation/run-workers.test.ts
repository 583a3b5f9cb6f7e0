import { copyFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { runWorkers } from '../../../scripts/simulation/run-workers'
import { newFolder } from '../support/folder'

const repository = join(__dirname, '..', '..', '..')
const oneLine = `process.stdout.write('{"seed":1,"faults":[]}\\n')`

/** A project whose simulation is this script alone. */
function projectWith(worker: string): string {
  const folder = newFolder()
  symlinkSync(join(repository, 'node_modules'), join(folder.path, 'node_modules'))
  copyFileSync(join(repository, 'tsconfig.json'), join(folder.path, 'tsconfig.json'))
  folder.write('test/simulation/seeds-child.ts', worker)
  return folder.path
}

async function run(worker: string): Promise<readonly number[]> {
  const seeds: number[] = []
  const options = { from: 1, count: 2, workers: 1, story: 'untold' } as const
  await runWorkers(projectWith(worker), options, ({ seed }) => seeds.push(seed))
  return seeds
}

test('a run is told for each seed', async () => {
  expect(await run(`${oneLine}; ${oneLine}`)).toEqual([1, 1])
})

test('a process that ends in peace before all its runs were told has broken', async () => {
  await expect(run(oneLine)).rejects.toThrow('a process of the simulation told 1 of its 2 runs and ended with 0')
})

test.each([
  ['process.exit(3)', 'ended with 3'],
  ["process.kill(process.pid, 'SIGKILL')", 'ended with SIGKILL'],
])('a process that ends by %s has broken', async (end, words) => {
  await expect(run(`${oneLine}; ${oneLine}; ${end}`)).rejects.toThrow(words)
})
