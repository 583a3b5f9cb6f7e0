/** How soon the page is there. How fast is told by `npm run page-paint`, and judged by nobody: another machine is another. */
import type { Page } from 'playwright-core'
import type { NumbersView } from '../../services/console/views/numbers'
import { useBroker } from '../support/broker'
import { describeBrowser, useBrowser } from '../support/browser'
import { eventually } from '../support/eventually'
import { figure } from '../support/figures'
import { howMany } from '../support/how-many'
import { tellHistory } from './history'
import { openStage, type Stage } from './stage'

const broker = useBroker()
const browser = useBrowser()
const loads = howMany({ sampled: 2, long: 20 })

/** In milliseconds since the address was asked for. */
interface Paint {
  readonly first: number
  readonly contentful: number
  readonly numbers: number
}

describeBrowser('who opens the console', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage(broker, { namespace: 'paint' })
    await tellHistory(stage.raw, { namespace: stage.namespace, lasts: 320_000 })
    await eventually('all of the past is counted', async () => {
      const { total } = (await (await fetch(`${stage.console.url}/numbers?range=5m`)).json()) as NumbersView
      return total.counts.accepted > 2_000
    })
  })

  test('sees the page first, and then its numbers', async () => {
    for (let load = 0; load < loads; load++) {
      // In a browser that has nothing of it yet.
      const page = await browser.page('about:blank')
      await page.addInitScript(noteNumbers)
      await page.goto(stage.console.url)
      const { first, contentful, numbers } = await paintOf(page)
      // One that stays open goes on drawing, at the cost of the next.
      await page.close()
      figure('first paint', first, 'ms')
      figure('first contentful paint', contentful, 'ms')
      figure('its numbers are drawn', numbers, 'ms')
      expect(first).toBeGreaterThan(0)
      expect(contentful).toBeGreaterThanOrEqual(first)
      expect(numbers).toBeGreaterThanOrEqual(contentful)
    }
  })
})

/** When the frame is drawn in which the numbers are. */
const noteNumbers = `new MutationObserver((_, watch) => {
  if (document.querySelector('.tiles .tile') === null) return
  watch.disconnect()
  requestAnimationFrame(() => (globalThis.numbersAt = performance.now()))
}).observe(document, { childList: true, subtree: true })`

async function paintOf(page: Page): Promise<Paint> {
  return eventually('all is drawn', async () => {
    const paint = await page.evaluate<Partial<Paint>>(`(() => {
      const at = (name) => performance.getEntriesByName(name)[0]?.startTime
      return { first: at('first-paint'), contentful: at('first-contentful-paint'), numbers: globalThis.numbersAt }
    })()`)
    return isWhole(paint) && paint
  })
}

function isWhole(paint: Partial<Paint>): paint is Paint {
  return [paint.first, paint.contentful, paint.numbers].every((each) => typeof each === 'number')
}
