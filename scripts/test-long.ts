import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { exitWith } from './terminal/exit-with'
import { beginPart, figureFiles, partOf } from './testing/figure-files'
import { figuresReport } from './testing/figures-report'
import { runTests } from './testing/run-tests'

/**
 * As `npm test`, with the whole counts of the fault tests; ends in a report of what was measured. It takes hours, so it
 * may be run in parts, such as `--shard=1/3`: the report then holds those that have been run.
 */
exitWith(async () => {
  const root = process.cwd()
  const directory = join(root, '.handoff', 'figures')
  const part = partOf(process.argv.slice(2))
  const file = beginPart(directory, part)
  Object.assign(process.env, { HANDOFF_TEST_LONG: 'true', HANDOFF_FIGURES_FILE: file })
  const startedAt = performance.now()
  const code = await runTests(root, process.argv.slice(2))
  const minutes = (performance.now() - startedAt) / 60_000
  appendFileSync(file, `${JSON.stringify({ test: part, what: 'took', value: minutes, unit: 'min' })}\n`)
  const { parts, files } = figureFiles(directory, part)
  console.log(`\nmeasured by: ${parts.join(', ')}\n\n${figuresReport(files)}\n`)
  return code
})
