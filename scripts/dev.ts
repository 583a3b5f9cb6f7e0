import { buildPage } from './build/build-page'
import { restartOnChange } from './system/restart-on-change'
import { runSystem } from './system/run-system'
import { exitWith } from './terminal/exit-with'

exitWith(() =>
  runSystem({
    prepare: (_say, signal) => buildPage(process.cwd(), signal),
    nodeArguments: (name) => ['-r', 'ts-node/register/transpile-only', `services/${name}/main.ts`],
    whenReady: restartOnChange,
  }),
)
