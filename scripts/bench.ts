import { join } from 'node:path'
import { parseOptions } from './bench/options'
import { runBench } from './bench/run-bench'
import { ensureDependencies } from './bootstrap/dependencies.mjs'
import { exitWith } from './terminal/exit-with'
import { sayTo } from './terminal/say'

/** Measures Handoff against bare amqplib and against what others would take in its place. */
exitWith(async () => {
  const options = parseOptions(process.argv.slice(2))
  const root = process.cwd()
  await ensureDependencies(join(root, 'bench'))
  await runBench(root, options, sayTo(process.stderr))
  return 0
})
