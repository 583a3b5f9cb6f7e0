import { watch } from 'node:fs'
import { buildPage } from '../build/build-page'
import type { Supervised } from '../supervise/supervise'
import type { Say } from '../terminal/say'

/** An editor writes a file in several steps, and a branch switch writes many files: one restart for all of them. */
const settleMs = 150

const page = /^services\/console\/(web|views)\//

/**
 * Restarts a service when its source changes, and all of them when shared/ does, until the process ends. The console's page
 * is built anew instead, and is there when it is loaded the next time.
 */
export function restartOnChange(running: readonly Supervised[], say: Say): void {
  for (const one of running)
    onChange(`services/${one.name}`, (file) => {
      if (page.test(file)) void buildAnew(file, say)
      // What page and server say to each other is the server's too.
      if (!file.startsWith('services/console/web/')) restart([one], file, say)
    })
  onChange('shared', (file) => restart(running, file, say))
}

async function buildAnew(file: string, say: Say): Promise<void> {
  try {
    await buildPage(process.cwd())
    say(`${file} has changed; the page of the console is built anew`)
  } catch (error) {
    say((error as Error).message)
  }
}

function restart(those: readonly Supervised[], file: string, say: Say): void {
  say(`${file} has changed; restarting ${those.map(({ name }) => name).join(' and ')}`)
  for (const one of those) one.restart()
}

function onChange(folder: string, act: (file: string) => void): void {
  let timer: NodeJS.Timeout | undefined
  const watcher = watch(folder, { recursive: true, persistent: false }, (_kind, file) => {
    if (file === null || !/\.(ts|tsx|css|html|sql|json)$/.test(file)) return
    clearTimeout(timer)
    timer = setTimeout(() => act(`${folder}/${file}`), settleMs)
  })
  watcher.on('error', () => undefined)
}
