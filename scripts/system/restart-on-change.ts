import { watch } from 'node:fs'
import type { Supervised } from '../supervise/supervise'
import type { Say } from '../terminal/say'

/** An editor writes a file in several steps, and a branch switch writes many files: one restart for all of them. */
const settleMs = 150

/** Restarts a service when its source changes, and all of them when shared/ does, until the process ends. */
export function restartOnChange(running: readonly Supervised[], say: Say): void {
  for (const one of running) onChange(`services/${one.name}`, (file) => restart([one], file, say))
  onChange('shared', (file) => restart(running, file, say))
}

function restart(those: readonly Supervised[], file: string, say: Say): void {
  say(`${file} has changed; restarting ${those.map(({ name }) => name).join(' and ')}`)
  for (const one of those) one.restart()
}

function onChange(folder: string, act: (file: string) => void): void {
  let timer: NodeJS.Timeout | undefined
  const watcher = watch(folder, { recursive: true, persistent: false }, (_kind, file) => {
    if (file === null || !/\.(ts|sql|json)$/.test(file)) return
    clearTimeout(timer)
    timer = setTimeout(() => act(`${folder}/${file}`), settleMs)
  })
  watcher.on('error', () => undefined)
}
