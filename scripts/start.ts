import { buildDist } from './build/build-dist'
import { serviceArguments } from './service-arguments'
import { runSystem } from './system/run-system'
import { exitWith } from './terminal/exit-with'

exitWith(() =>
  runSystem({
    prepare: async (say, signal) => {
      say('building')
      await buildDist(process.cwd(), signal)
      say('built')
    },
    nodeArguments: (name) => [...serviceArguments, `dist/services/${name}/main.js`],
    whenReady: () => undefined,
  }),
)
