import { askOnTerminal } from './terminal/ask'
import { exitWith } from './terminal/exit-with'
import { sayTo } from './terminal/say'
import { ensureTools } from './testing/ensure-tools'
import { tools } from './testing/tools'

exitWith(async () => {
  await ensureTools(tools, { say: sayTo(process.stdout), ask: askOnTerminal() })
  return 0
})
