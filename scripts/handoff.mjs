#!/usr/bin/env node
/**
 * The door of `npx handoff …`: installs what is missing, then runs the command line on the project's own Node, as built
 * or, where the build is older than its sources, from them. Needs nothing but Node 18 itself.
 */
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureDependencies } from './bootstrap/dependencies.mjs'
import { findNode } from './bootstrap/find-node.mjs'
import { freshest } from './bootstrap/freshest.mjs'
import { runTask } from './bootstrap/run-task.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

async function main(rest) {
  await ensureDependencies(root)
  const file = freshest(root, { source: 'cli/main.ts', rooms: ['cli', 'shared'] })
  process.exitCode = await runTask({ node: findNode(root), file, rest, root })
}

main(process.argv.slice(2)).catch((error) => {
  console.error(`handoff: ${error.message}`)
  process.exitCode = 1
})
