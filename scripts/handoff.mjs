#!/usr/bin/env node
/**
 * The door of `npx handoff …`: installs what is missing, then runs the command line on the project's own Node, as built
 * or, where the build is older than its sources, from them. Needs nothing but Node 18 itself.
 */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureDependencies } from './bootstrap/dependencies.mjs'
import { findNode } from './bootstrap/find-node.mjs'
import { freshest } from './bootstrap/freshest.mjs'
import { runTask } from './bootstrap/run-task.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

async function main(rest) {
  await ensureDependencies(root)
  if (isVerifyWithFaults(rest)) return run(join('scripts', 'verify.ts'), rest.slice(1))
  const file = freshest(root, { source: 'cli/main.ts', rooms: ['cli', 'shared'] })
  return run(file, rest)
}

async function run(file, rest) {
  process.exitCode = await runTask({ node: findNode(root), file, rest, root })
}

/** It builds, and starts a broker and a pair: work of the scripts, which the command line itself does not know. */
function isVerifyWithFaults([command, ...options]) {
  return command === 'verify' && !options.some((option) => ['--no-faults', '--help', '-h'].includes(option))
}

main(process.argv.slice(2)).catch((error) => {
  console.error(`handoff: ${error.message}`)
  process.exitCode = 1
})
