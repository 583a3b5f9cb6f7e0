/** A real browser for the tests that look at the console as a person does. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { findChromium } from '../../scripts/testing/find-chromium'
import { atEnd } from './ends'

export interface PageOptions {
  /** Default `light`. */
  readonly scheme?: 'light' | 'dark'
  /** Default 1440 by 900. */
  readonly width?: number
  readonly height?: number
  /** Parts of console messages that this test provokes, such as a refused connection. */
  readonly expected?: readonly string[]
}

export interface TestBrowser {
  /** A page of its own at this address; a message of an error in its console fails the test. */
  page(url: string, options?: PageOptions): Promise<Page>
}

const launchWithinMs = 60_000
/** What a person waits for before he takes the page for broken, several times over. */
const patienceMs = 20_000
const root = resolve(__dirname, '..', '..')

const found = findChromium()
const hint =
  'skipped: there is no Chromium; install it with `apt-get install chromium-headless-shell`, or set CHROMIUM_PATH'

/** `describe`, or skipped by name where there is no browser; in CI that fails. */
export const describeBrowser: typeof describe =
  found === undefined && process.env['CI'] === undefined
    ? (((name: string, tests: () => void) => describe.skip(`${name} (${hint})`, tests)) as typeof describe)
    : describe

/** Starts a browser for this test file. Call it once, at the top of the file. */
export function useBrowser(): TestBrowser {
  let browser: Browser | undefined
  beforeAll(async () => {
    if (found === undefined) {
      if (process.env['CI'] !== undefined) throw new Error(hint)
      return
    }
    // The sandbox of Chromium refuses to run as root, as a container's only user mostly is; the pages are our own.
    browser = await chromium.launch({ executablePath: found, args: ['--no-sandbox'] })
    atEnd(() => browser?.close())
  }, launchWithinMs)
  return {
    page: async (url, { scheme = 'light', width = 1_440, height = 900, expected = [] } = {}) => {
      if (browser === undefined) throw new Error(hint)
      const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height } })
      const page = await context.newPage()
      page.setDefaultTimeout(patienceMs)
      const wrong = listenForErrors(page, expected)
      atEnd(async () => {
        await context.close()
        expect(wrong).toEqual([])
      })
      await page.goto(url)
      return page
    },
  }
}

function listenForErrors(page: Page, expected: readonly string[]): readonly string[] {
  const wrong: string[] = []
  const note = (text: string) => void (expected.some((part) => text.includes(part)) || wrong.push(text))
  page.on('pageerror', (error) => note(`an error that nobody caught: ${error.stack ?? error.message}`))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) note(`${message.type()}: ${message.text()}`)
  })
  return wrong
}

/** Where pictures of a run are kept; some of them are shown in README and docs. */
const pictures = join(root, '.handoff', 'pictures')

/** Keeps a picture of what is on the screen. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `${name}.png`), animations: 'disabled' })
}

/** Keeps a moving picture beside them. */
export function keepAnimation(png: Buffer, name: string): void {
  mkdirSync(pictures, { recursive: true })
  writeFileSync(join(pictures, `${name}.png`), png)
}
