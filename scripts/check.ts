import { checkAll } from './check/check-all'
import { exitWith } from './terminal/exit-with'

exitWith(async () => ((await checkAll(process.cwd(), process.stdout)).length === 0 ? 0 : 1))
