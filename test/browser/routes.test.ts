/** Routing rules as a developer sees them: which are in effect, where an event would go, and what others would have done. */
import { useBroker } from '../support/broker'
import { barriersIn } from '../support/accessibility'
import { describeBrowser, keepPicture, useBrowser } from '../support/browser'
import { eventually } from '../support/eventually'
import { routesFile } from './routes-file'
import { openStage, order } from './stage'

const broker = useBroker()
const browser = useBrowser()

const large = `version: 1
rules:
  - name: large orders to mail alone
    match: order.placed
    when: event.data.amountCents >= 100000
    route: [mail]
`
const dropsTests = `${large}
  - name: nothing from the load test
    match: order.placed
    attributes: { source: /load-test }
    drop: true
`
const allToLedger = `version: 1
rules:
  - name: all orders to the ledger
    match: order.placed
    when: event.data.amountCents > 1
    route: [ledger]
`

describeBrowser('routes', () => {
  test('rules are shown as they change, an event is explained, and others are tried on what was sent', async () => {
    const file = await routesFile(large)
    const goesBy = { ROUTES_FILE: file.path, JOURNAL_DATA_BYTES: '10000' }
    const stage = await openStage(broker, {
      namespace: 'routed',
      producer: goesBy,
      consumer: goesBy,
      console: { ROUTES_FILE: file.path },
    })
    for (const [at, amountCents] of [500, 700, 200_000].entries())
      await stage.send('order.placed', { ...order(`A-${at}`), amountCents })
    await stage.send('hello', 'Hello')
    const page = await browser.page(`${stage.console.url}/#/routes`, { expected: ['422'] })
    await page.getByText('shop.routes.yaml').waitFor()
    await page.getByText('producer goes by the same').waitFor()
    await page.getByText('consumer goes by the same').waitFor()
    expect(await page.getByRole('heading', { level: 3 }).first().innerText()).toBe('large orders to mail alone')
    expect(await page.getByText(/handoff-routes-/).count()).toBe(0)

    // Saved while somebody looks.
    await file.becomes(dropsTests)
    await page.getByRole('heading', { name: 'nothing from the load test' }).waitFor()
    await page.getByText('drops it').waitFor()
    await file.becomes(dropsTests.replace('drop: true', 'copy: [leger]'))
    await page.getByText(/shop\.routes\.yaml:\d+: .*did you mean ledger\?/).waitFor()
    await page.getByText('The rules of before stay in effect').waitFor()
    await file.becomes(large)
    await page.getByText('cannot be used').waitFor({ state: 'detached' })

    await page.goto(`${stage.console.url}/#/routes/explain?type=order.placed`)
    await page.getByRole('heading', { name: 'order.placed goes to ledger and mail' }).waitFor()
    const data = page.getByLabel('Data as JSON')
    await data.fill((await data.inputValue()).replace('4200', '420000'))
    await page.getByRole('heading', { name: 'order.placed goes to mail' }).waitFor()
    await page.getByText('event.data.amountCents is 420000').waitFor()
    expect(decodeURIComponent(page.url())).toContain('"amountCents":420000')
    await data.fill('{"orderId":1')
    await page.getByText(/JSON/).last().waitFor()
    await data.fill(JSON.stringify(order('A-1')))
    await page.getByLabel('Attributes and extensions').fill('source=/shop/web')
    await page.getByText('/shop/web').filter({ visible: true }).last().waitFor()
    await page.getByRole('link', { name: 'Show in the topology' }).click()
    await page.getByLabel('Routing key').waitFor()

    await page.goto(`${stage.console.url}/#/routes/what-if`)
    const rules = page.getByLabel('Rules, as the file has them')
    expect(await rules.inputValue()).toBe(large)
    await rules.fill(large.replace('[mail]', '[male]'))
    await page.getByText('did you mean mail?').waitFor()
    expect(await barriersIn(page)).toEqual([])
    await page.getByRole('button', { name: 'line 6' }).click()
    expect(await page.evaluate('document.activeElement.id')).toBe('rules-text')
    await rules.fill(allToLedger)
    await page.getByText('adds “all orders to the ledger”').waitFor()
    const tried = page.getByRole('button', { name: 'Try on past traffic' })
    await eventually('all that was sent has come', async () => {
      await tried.click()
      return page.getByRole('heading', { name: '3 of 4 messages would go another way' }).isVisible()
    })
    const moves = page.getByRole('region', { name: 'How their ways change' })
    expect((await moves.innerText()).replaceAll(/\s+/g, ' ')).toContain('2 ledger, mail ledger 1 mail ledger')
    expect(await barriersIn(page)).toEqual([])
    await keepPicture(page, 'routes-tried-light-wide')
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize({ width: 390, height: 844 })
    expect(await barriersIn(page)).toEqual([])
    await keepPicture(page, 'routes-tried-dark-narrow')
    await page.getByRole('region', { name: 'Messages that would go another way' }).getByRole('link').first().click()
    await page.getByRole('heading', { name: 'order.placed', exact: true }).waitFor()
    await page.getByRole('link', { name: 'Explain its way' }).click()
    await page.getByRole('heading', { name: 'order.placed goes to mail' }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: 'order.placed', exact: true }).waitFor()
    await page.goBack()
    expect(await rules.inputValue()).toBe(allToLedger)
    const downloaded = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download' }).click()
    expect((await downloaded).suggestedFilename()).toBe('shop.routes.yaml')
    await page.getByRole('button', { name: 'Back to those in effect' }).click()
    expect(await rules.inputValue()).toBe(large)
  })

  test('without a file an example teaches; a service that goes by another file is named, with the way out', async () => {
    const file = await routesFile(large)
    const stage = await openStage(broker, { namespace: 'ruleless', producer: { ROUTES_FILE: file.path } })
    const page = await browser.page(`${stage.console.url}/#/routes`)
    await page.getByRole('heading', { name: 'There is no routes file' }).waitFor()
    await page.getByText('handoff.routes.yaml').first().waitFor()
    await page.getByText(/The producer at .* goes by other rules/).waitFor()
    await page.getByText('Give all of them the same file by ROUTES_FILE').waitFor()
    expect(await barriersIn(page)).toEqual([])
    await keepPicture(page, 'routes-none-light-wide')
    expect(await page.getByText(/The consumer at/).count()).toBe(0)
    await page.getByRole('link', { name: 'Try it on past traffic' }).click()
    await stage.send('hello', 'Hello')
    await page.getByText('3 rules, without a mistake').waitFor()
    await eventually('what was sent is told', async () => {
      await page.getByRole('button', { name: 'Try on past traffic' }).click()
      return page.getByRole('heading', { name: 'None of 1 message would go another way' }).isVisible()
    })
    await stage.send('order.placed', order('A-1'))
    await eventually('what nothing is known of is told', async () => {
      await page.getByRole('button', { name: 'Try on past traffic' }).click()
      return page.getByText(/1 cannot be told:/).isVisible()
    })
    await page.getByText(/JOURNAL_DATA_BYTES/).waitFor()
  })
})
