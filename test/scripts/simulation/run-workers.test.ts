import { copyFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runWorkers } from '../../../scripts/simulation/run-workers'
import { atEnd } from '../../support/ends'
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

test('when one process breaks, the others end with it', async () => {
  const folder = projectWith(
    `const { from } = JSON.parse(process.argv[2])
    if (from === 1) setInterval(() => {}, 60_000)
    process.stdout.write(JSON.stringify({ seed: process.pid, faults: [] }) + '\\n')
    if (from === 2) setInterval(() => require('node:fs').existsSync('broken') && process.exit(3), 50)`,
  )
  const pids: number[] = []
  const ran = ({ seed }: { readonly seed: number }) => {
    pids.push(seed)
    if (pids.length === 2) writeFileSync(join(folder, 'broken'), '')
  }
  atEnd(() => pids.filter(isThere).forEach((pid) => process.kill(pid, 'SIGKILL')))
  await expect(runWorkers(folder, { from: 1, count: 4, workers: 2, story: 'untold' }, ran)).rejects.toThrow(
    'ended with 3',
  )
  expect(pids.filter(isThere)).toEqual([])
})

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
