import { kib, pageTooLarge } from './check/page-size'
import { exitWith } from './terminal/exit-with'

exitWith(async () => {
  const { size, wrong } = await pageTooLarge()
  process.stdout.write(`first load ${kib(size.firstLoad)}, all ${kib(size.all)}, compressed\n`)
  if (wrong !== undefined) process.stderr.write(`${wrong}\n`)
  return wrong === undefined ? 0 : 1
})
