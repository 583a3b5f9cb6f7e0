import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildDist } from './build/build-dist'
import { exitWith } from './terminal/exit-with'
import { runJest } from './testing/run-jest'

/** Those that README and documents show, of all that the tests of the console's looks keep. */
const shown = ['overview', 'message', 'topology', 'dead-letters-group'].flatMap((page) =>
  ['light', 'dark'].map((scheme) => `${page}-${scheme}-wide.png`),
)

/** Takes the pictures of the console anew, from a run of its tests. */
exitWith(async () => {
  const root = process.cwd()
  await buildDist(root)
  process.env['HANDOFF_TEST_BROKERS'] = 'native'
  const code = await runJest(
    root,
    ['--selectProjects', 'browser', '--runTestsByPath', 'test/browser/looks.test.ts'],
    [],
  )
  if (code !== 0) return code
  mkdirSync(join(root, 'docs/pictures'), { recursive: true })
  for (const name of shown) copyFileSync(join(root, '.handoff/pictures', name), join(root, 'docs/pictures', name))
  return 0
})
