import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildDist } from './build/build-dist'
import { exitWith } from './terminal/exit-with'
import { runJest } from './testing/run-jest'

/** Those that README and documents show, of all that the tests keep; the last one moves. */
const pages = ['overview', 'message', 'topology', 'dead-letters-group']
const shown = [...pages.flatMap((page) => [`${page}-light-wide.png`, `${page}-dark-wide.png`]), 'one-message.png']
const tests = ['looks', 'moving-picture'].map((name) => `test/browser/${name}.test.ts`)

/** Takes the pictures of the console anew, from a run of its tests. */
exitWith(async () => {
  const root = process.cwd()
  await buildDist(root)
  process.env['HANDOFF_TEST_BROKERS'] = 'native'
  const code = await runJest(root, ['--selectProjects', 'browser', '--runTestsByPath', ...tests], [])
  if (code !== 0) return code
  mkdirSync(join(root, 'docs/pictures'), { recursive: true })
  for (const name of shown) copyFileSync(join(root, '.handoff/pictures', name), join(root, 'docs/pictures', name))
  return 0
})
