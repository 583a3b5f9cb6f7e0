import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { exitWith } from './terminal/exit-with'
import { figuresReport } from './testing/figures-report'
import { runTests } from './testing/run-tests'

/** As `npm test`, with the whole counts of the fault tests; ends in a report of what was measured. */
exitWith(async () => {
  const root = process.cwd()
  const file = join(root, '.handoff', 'figures.jsonl')
  mkdirSync(join(root, '.handoff'), { recursive: true })
  rmSync(file, { force: true })
  Object.assign(process.env, { HANDOFF_TEST_LONG: 'true', HANDOFF_FIGURES_FILE: file })
  const code = await runTests(root, process.argv.slice(2))
  console.log(`\n${figuresReport(file)}\n`)
  return code
})
