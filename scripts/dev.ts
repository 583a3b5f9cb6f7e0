import { restartOnChange } from './system/restart-on-change'
import { runSystem } from './system/run-system'
import { exitWith } from './terminal/exit-with'

exitWith(() =>
  runSystem({
    prepare: () => Promise.resolve(),
    nodeArguments: (name) => ['-r', 'ts-node/register/transpile-only', `services/${name}/main.ts`],
    whenReady: restartOnChange,
  }),
)
