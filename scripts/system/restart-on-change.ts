import { watch } from 'node:fs'
import { buildPage } from '../build/build-page'
import type { Supervised } from '../supervise/supervise'
import type { Say } from '../terminal/say'

/** An editor writes a file in several steps, and a branch switch writes many files: one restart for all of them. */
const settleMs = 150

const page = /^services\/console\/(web|views)\//
/** What page and server say to each other is the server's too. */
const pageAlone = /^services\/console\/web\//

/**
 * Restarts a service when its source changes, and all of them when shared/ does, until the process ends. The console's page
 * is built anew instead, and is there when it is loaded the next time.
 */
export function restartOnChange(running: readonly Supervised[], say: Say): void {
  const buildAnew = builder(say)
  for (const one of running)
    onChange(`services/${one.name}`, (files) => {
      if (files.some((file) => page.test(file))) buildAnew()
      const [server] = files.filter((file) => !pageAlone.test(file))
      if (server !== undefined) restart([one], server, say)
    })
  onChange('shared', ([file = 'shared']) => restart(running, file, say))
}

/** One build at a time: two would write into one folder. */
function builder(say: Say): () => void {
  let last = Promise.resolve()
  return () => {
    last = last
      .then(() => buildPage(process.cwd()))
      .then(
        () => say('the page of the console is built anew'),
        (error: Error) => say(error.message),
      )
  }
}

function restart(those: readonly Supervised[], file: string, say: Say): void {
  say(`${file} has changed; restarting ${those.map(({ name }) => name).join(' and ')}`)
  for (const one of those) one.restart()
}

function onChange(folder: string, act: (files: readonly string[]) => void): void {
  let timer: NodeJS.Timeout | undefined
  let changed = new Set<string>()
  const watcher = watch(folder, { recursive: true, persistent: false }, (_kind, file) => {
    if (file === null || !/\.(ts|tsx|css|html|sql|json)$/.test(file)) return
    changed.add(`${folder}/${file}`)
    clearTimeout(timer)
    timer = setTimeout(() => {
      const files = [...changed]
      changed = new Set()
      act(files)
    }, settleMs)
  })
  watcher.on('error', () => undefined)
}
