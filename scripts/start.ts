import { buildDist } from './build/build-dist'
import { runSystem } from './system/run-system'
import { exitWith } from './terminal/exit-with'

exitWith(() =>
  runSystem({
    prepare: async (say, signal) => {
      say('building')
      await buildDist(process.cwd(), signal)
      say('built')
    },
    nodeArguments: (name) => ['--enable-source-maps', `dist/services/${name}/main.js`],
    whenReady: () => undefined,
  }),
)
