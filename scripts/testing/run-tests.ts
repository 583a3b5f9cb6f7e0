import { buildDist } from '../build/build-dist'
import { checkAll } from '../check/check-all'
import { askOnTerminal } from '../terminal/ask'
import { sayTo } from '../terminal/say'
import { ensureTools } from './ensure-tools'
import { runJest } from './run-jest'
import { tools } from './tools'

/** Gates, build, then all tests; a failed gate fails the run but not before its tests. Resolves with the exit code. */
export async function runTests(root: string, jestArguments: readonly string[]): Promise<number> {
  const say = sayTo(process.stdout)
  await ensureTools(tools, { say, ask: askOnTerminal() })
  const failedGates = await checkAll(root, process.stdout)
  say('building')
  await buildDist(root)
  say('testing')
  const code = await runJest(root, jestArguments, failedGates)
  return failedGates.length === 0 ? code : Math.max(code, 1)
}
