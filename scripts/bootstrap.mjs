/**
 * The door of every npm script that needs the dependencies: `node scripts/bootstrap.mjs TASK [ARGUMENT…]` installs what
 * is missing, then runs `scripts/TASK.ts` on the project's own Node. Needs nothing but Node 18 itself.
 */
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureDependencies } from './bootstrap/dependencies.mjs'
import { findNode } from './bootstrap/find-node.mjs'
import { runTask } from './bootstrap/run-task.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

function fileOf(task) {
  const tasks = readdirSync(join(root, 'scripts')).filter((name) => name.endsWith('.ts'))
  if (tasks.includes(`${task}.ts`)) return join('scripts', `${task}.ts`)
  const known = tasks.map((name) => name.slice(0, -'.ts'.length)).join(', ')
  throw new Error(`there is no task ${task === undefined ? 'given' : `"${task}"`}; the tasks are: ${known}`)
}

async function main([task, ...rest]) {
  const file = fileOf(task)
  await ensureDependencies(root)
  process.exitCode = await runTask({ node: findNode(root), file, rest, root })
}

main(process.argv.slice(2)).catch((error) => {
  console.error(`handoff: ${error.message}`)
  process.exitCode = 1
})
