import { globSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { findOnPath } from '../broker/find-rabbitmq-server'

const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Where Playwright keeps the browsers that it has fetched. */
const fetched = 'ms-playwright/chromium*/chrome-*/{headless_shell,chrome,chrome-headless-shell}'

/** The browser for the tests that look at pages: `CHROMIUM_PATH`, one on the PATH, or one of Playwright's; undefined where there is none. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM_PATH']
  if (named !== undefined && named !== '') return named
  const onPath = names.map(findOnPath).find((path) => path !== undefined)
  return (
    onPath ??
    globSync(join(homedir(), '.cache', fetched))
      .sort()
      .at(-1)
  )
}
