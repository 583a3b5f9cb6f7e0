import { buildDist } from './build/build-dist'
import { exitWith } from './terminal/exit-with'

exitWith(async () => {
  await buildDist(process.cwd())
  return 0
})
