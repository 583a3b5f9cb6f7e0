/** What messages carry, as a person sees it and sends it again, in a real browser, with real services and a real broker. */
import { useBroker } from '../support/broker'
import { describeBrowser, useBrowser } from '../support/browser'
import { eventually } from '../support/eventually'
import { openStage, order, type Stage } from './stage'

const broker = useBroker()
const browser = useBrowser()
const keeps = { JOURNAL_DATA_BYTES: '120', JOURNAL_REDACT: 'customerEmail' }

describeBrowser('what a message carried', () => {
  let stage: Stage

  beforeAll(async () => {
    stage = await openStage(broker, { namespace: 'carried', producer: keeps, consumer: keeps })
  })

  const open = async (id: string) => browser.page(`${stage.console.url}/#/messages/${id}`)

  test('is shown on its page, found in the timeline, and sent again with a change', async () => {
    const id = await stage.send('order.placed', order('C-1'))
    const page = await open(id)
    await page.getByRole('heading', { name: 'What it carried' }).waitFor()
    await page.getByText('"orderId": "C-1"').waitFor()
    await page.getByText('"customerEmail": "[redacted]"').waitFor()
    await page.getByText('The journal never had the value at /customerEmail.').waitFor()
    await page.getByRole('button', { name: 'hex' }).click()
    await page.getByText('00000000').waitFor()
    await page.getByRole('link', { name: 'Edit and send again' }).click()
    await page.getByText('Fill in what the journal never had: /customerEmail').waitFor()
    expect(await page.getByLabel('orderId').inputValue()).toBe('C-1')
    await page.getByText(/would refuse this: .*customerEmail/).waitFor()
    await page.getByLabel('orderId').fill('C-2')
    await page.getByRole('button', { name: '+ customerEmail (required)' }).click()
    await page.getByLabel('customerEmail').fill('new@example.com')
    expect(await page.getByLabel('Attributes').inputValue()).toBe(`correlationid=${id}\ncausationid=${id}`)
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page.getByText('Confirmed: the broker has it on its disk.').waitFor()
    await page.getByRole('link', { name: 'Follow it' }).click()
    await page.locator('.page-head .badge').getByText('processed').waitFor()
    await page.getByText('"orderId": "C-2"').waitFor()
    // It says what it followed from, and that one what followed.
    await page.getByRole('link', { name: id }).first().click()
    await page.getByText('"orderId": "C-1"').waitFor()
    await page.getByRole('heading', { name: 'Followed from it' }).waitFor()
    await page.locator('section', { hasText: 'Followed from it' }).getByRole('link', { name: 'order.placed' }).waitFor()
    await page.goto(`${stage.console.url}/#/timeline?filter=${encodeURIComponent('data.orderId:c-2')}`)
    await eventually('it alone is found', async () => (await page.locator('.rows a.line').count()) === 1)
  })

  test('what is too large is told, and the form begins with an example', async () => {
    const large = await stage.send('order.placed', {
      ...order('C'.repeat(64)),
      customerEmail: `${'e'.repeat(60)}@b.cd`,
    })
    const page = await open(large)
    await page.getByText('which the journal did not take: it has more than the 120 bytes').waitFor()
    await page.goto(`${stage.console.url}/#/send/order.placed?from=${large}&source=nobody`)
    await page.getByText('The form begins with an example.').waitFor()
  })
})

describeBrowser('a journal that keeps nothing of it', () => {
  test('says so, and how that is changed', async () => {
    const stage = await openStage(broker, { namespace: 'uncarried' })
    const id = await stage.send('hello', 'Hello!')
    const page = await browser.page(`${stage.console.url}/#/messages/${id}`)
    await page.getByText('The journal keeps nothing of what messages carry. Set JOURNAL_DATA_BYTES').waitFor()
    await page.goto(`${stage.console.url}/#/timeline?filter=data.orderId:x`)
    await page.getByText('messages are found by it from then on').waitFor()
  })
})
