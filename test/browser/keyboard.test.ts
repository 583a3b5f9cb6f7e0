/** The page by the keys alone, and without those that somebody does not want. */
import type { Locator } from 'playwright-core'
import { barriersIn } from '../support/accessibility'
import { useBroker } from '../support/broker'
import { describeBrowser, keepPicture, useBrowser } from '../support/browser'
import { eventually } from '../support/eventually'
import { openStage, order, type Stage } from './stage'

const broker = useBroker()
const browser = useBrowser()
/** Those of five minutes. */
const [buckets, bucketMs] = [60, 5_000]

describeBrowser('the keys of the page', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage(broker, { namespace: 'keyboard' })
    await stage.send('order.placed', order('H-1'))
    await stage.send('hello', 'Hello!')
  })

  test('letters are no shortcuts once they are turned off, also when the page is opened again', async () => {
    const page = await browser.page(stage.console.url)
    await page.getByText('Latest messages').waitFor()
    await page.keyboard.press('?')
    const keys = page.getByRole('dialog', { name: 'Keys' })
    await keys.getByText('find messages').waitFor()
    await keepPicture(page, 'keys')
    await keys.getByLabel('Letters are shortcuts').uncheck()
    await keys.getByText('find messages').waitFor({ state: 'detached' })
    expect(await barriersIn(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.reload()
    await page.getByText('Latest messages').waitFor()
    for (const key of ['/', '?', 'g', 't']) await page.keyboard.press(key)
    // Had any of them been heard, the page would be another by now, or the focus elsewhere.
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Overview')
    expect(await page.evaluate('document.activeElement.id')).toBe('main')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.getByRole('button', { name: 'Keys' }).click()
    await keys.getByLabel('Letters are shortcuts').check()
    await keys.getByRole('button', { name: 'Close' }).click()
    for (const key of ['g', 't']) await page.keyboard.press(key)
    await page.getByRole('heading', { name: 'Timeline' }).waitFor()
  })

  test('a chart is read by the arrow keys, and Enter shows the messages of that time', async () => {
    const page = await browser.page(stage.console.url)
    const chart = page.getByRole('slider', { name: /^Messages a second/ })
    await chart.press('End')
    const end = Number(await chart.getAttribute('aria-valuenow'))
    for (const key of ['ArrowLeft', 'PageDown', 'ArrowRight']) await chart.press(key)
    const now = Number(await chart.getAttribute('aria-valuenow'))
    expect(end - now).toBe(10 * bucketMs)
    await eventually('newer times came, and the one that is read stays', async () => {
      expect(Number(await chart.getAttribute('aria-valuenow'))).toBe(now)
      return Number(await chart.getAttribute('aria-valuemax')) > end
    })
    await goToSpike(chart)
    await eventually('it is beside the chart, too', async () =>
      (await page.locator('.chart .moment').innerText()).startsWith(String(await chart.getAttribute('aria-valuetext'))),
    )
    await keepPicture(page, 'chart-by-keys')
    expect(await barriersIn(page)).toEqual([])
    await chart.press('Enter')
    await page.getByRole('heading', { name: 'Timeline' }).waitFor()
    expect(page.url()).toMatch(/filter=began.*ended/)
    await page.locator('.rows a.line').getByText('hello').waitFor()
  })

  test('the figures of a time lead to its messages, too', async () => {
    const page = await browser.page(stage.console.url)
    await page.getByText('Numbers as a table').first().click()
    await page.getByRole('region', { name: 'Messages a second, as a table' }).getByRole('link').first().click()
    await page.getByRole('heading', { name: 'Timeline' }).waitFor()
    expect(page.url()).toMatch(/filter=began.*ended/)
  })
})

/** From the newest back to a time when something came. */
async function goToSpike(chart: Locator): Promise<void> {
  await chart.press('End')
  for (let step = 0; step < buckets; step++) {
    if (/accepted 0\./.test((await chart.getAttribute('aria-valuetext')) ?? '')) return
    await chart.press('ArrowLeft')
  }
  throw new Error('nothing came at any time')
}
