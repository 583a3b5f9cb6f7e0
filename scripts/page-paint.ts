import { join } from 'node:path'
import { buildDist } from './build/build-dist'
import { exitWith } from './terminal/exit-with'
import { beginPart, partOf } from './testing/figure-files'
import { figuresReport } from './testing/figures-report'
import { runJest } from './testing/run-jest'

/** Opens the console many times, each time in a browser that has nothing of it yet, and prints how soon it was seen. */
exitWith(async () => {
  const root = process.cwd()
  await buildDist(root)
  const test = ['--selectProjects', 'browser', '--runTestsByPath', 'test/browser/paint.test.ts']
  const file = beginPart(join(root, '.handoff', 'figures'), partOf(test))
  const settings = { HANDOFF_TEST_BROKERS: 'native', HANDOFF_TEST_LONG: 'true', HANDOFF_FIGURES_FILE: file }
  Object.assign(process.env, settings)
  const code = await runJest(root, test, [])
  if (code === 0) console.log(`\n${figuresReport([file])}\n`)
  return code
})
