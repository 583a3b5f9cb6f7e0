/** Filters that a person wants again. */
import { barriersIn } from '../support/accessibility'
import { useBroker } from '../support/broker'
import { describeBrowser, keepPicture, useBrowser } from '../support/browser'
import { openStage, order, type Stage } from './stage'

const broker = useBroker()
const browser = useBrowser()

describeBrowser('filters that are kept', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage(broker, { namespace: 'kept' })
    await stage.send('order.placed', order('H-1'))
    await stage.send('hello', 'Hello!')
  })

  test('a filter is kept by a name, applied again, and forgotten', async () => {
    const page = await browser.page(`${stage.console.url}/#/timeline?filter=type:hello`)
    await page.getByRole('button', { name: 'Keep this filter…' }).click()
    const naming = page.getByRole('dialog', { name: 'Keep this filter' })
    await naming.getByLabel('Name').fill('greetings')
    await naming.getByRole('button', { name: 'Keep' }).click()
    const kept = page.getByRole('group', { name: 'Filters that you keep' })
    expect(await kept.getByRole('button', { name: 'greetings', exact: true }).getAttribute('aria-pressed')).toBe('true')
    await page.getByRole('button', { name: 'all', exact: true }).click()
    await page.locator('.rows a.line').getByText('order.placed').waitFor()
    await page.reload()
    await kept.getByRole('button', { name: 'greetings', exact: true }).click()
    await page.locator('.rows a.line').getByText('order.placed').waitFor({ state: 'detached' })
    expect(page.url()).toContain('filter=type%3Ahello')
    await keepPicture(page, 'kept-filters')
    expect(await barriersIn(page)).toEqual([])
    await page.getByRole('button', { name: 'Forget greetings' }).click()
    await page.getByRole('button', { name: 'Keep this filter…' }).waitFor()
    expect(await page.evaluate('document.activeElement.id')).toBe('filter')
    expect(await page.evaluate('localStorage.getItem("handoff-filters")')).toBe('[]')
  })

  test('what is no filter is not kept, and what somebody wrote into the storage harms nothing', async () => {
    const page = await browser.page(stage.console.url, { expected: ['422'] })
    await page.evaluate(`localStorage.setItem('handoff-filters', '[{"name":1},null,{"name":"mine","filter":"a"}]')`)
    await page.goto(`${stage.console.url}/?again#/timeline?filter=typ:hello`)
    await page.getByText('did you mean type?').waitFor()
    const kept = page.getByRole('group', { name: 'Filters that you keep' })
    expect(await kept.getByRole('button').allInnerTexts()).toEqual(['mine', ''])
  })
})
