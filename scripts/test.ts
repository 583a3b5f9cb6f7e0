import { buildDist } from './build/build-dist'
import { checkAll } from './check/check-all'
import { askOnTerminal } from './terminal/ask'
import { exitWith } from './terminal/exit-with'
import { sayTo } from './terminal/say'
import { ensureTools } from './testing/ensure-tools'
import { runJest } from './testing/run-jest'
import { tools } from './testing/tools'

/** Arguments go to Jest; with them, too, nothing else is left out. */
exitWith(async () => {
  const root = process.cwd()
  const say = sayTo(process.stdout)
  await ensureTools(tools, { say, ask: askOnTerminal() })
  const failedGates = await checkAll(root, process.stdout)
  say('building')
  await buildDist(root)
  say('testing')
  const code = await runJest(root, process.argv.slice(2), failedGates)
  return failedGates.length === 0 ? code : Math.max(code, 1)
})
