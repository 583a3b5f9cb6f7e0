/** The console as a person uses it, in a real browser, with real services and a real broker. */
import { createHash } from 'node:crypto'
import type { MessagePage } from '../../services/console/views/message-row'
import { parkOrders } from '../e2e/dead-letter-fixtures'
import { eventually } from '../support/eventually'
import { useBroker } from '../support/broker'
import { describeBrowser, useBrowser } from '../support/browser'
import { proxiedBroker } from '../support/proxied-broker'
import { startService } from '../support/service'
import { openStage, order, type Stage } from './stage'

const broker = useBroker()
const browser = useBrowser()

describeBrowser('the console', () => {
  let stage: Stage

  beforeAll(async () => {
    stage = await openStage(broker, { namespace: 'page' })
  })

  test('a newcomer is shown how to send, sends from the page, and follows the message to its end', async () => {
    const page = await browser.page(stage.console.url)
    await page.getByRole('heading', { name: 'No message yet' }).waitFor()
    await page.getByRole('link', { name: 'Send a message' }).click()
    await page.getByLabel('Message type').selectOption('order.placed')
    await page.getByLabel('orderId').fill('A-1')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page.getByText('Confirmed: the broker has it on its disk.').waitFor()
    await page.getByRole('link', { name: 'Follow it' }).click()
    for (const step of ['accepted', 'published', 'routed', 'delivered', 'processed'])
      await page.locator('.story strong').filter({ hasText: step }).first().waitFor()
    await page.locator('.page-head .badge').getByText('processed').waitFor()
    await page.getByText('to ledger, mail').waitFor()
    // A link to it is enough for somebody else.
    const other = await browser.page(page.url())
    await other.locator('.page-head .badge').getByText('processed').waitFor()
    // The overview has begun to count.
    await other.getByRole('link', { name: 'Overview' }).click()
    await other.getByRole('heading', { name: 'Latest messages' }).waitFor()
    await eventually('it is counted', async () =>
      (await other.getByRole('region', { name: 'Accepted' }).innerText()).includes('1 in 5m'),
    )
  })

  test('what the producer would refuse is said at the field, and what it refuses stands beside', async () => {
    const page = await browser.page(`${stage.console.url}/#/send/order.placed`, { expected: ['422'] })
    await page.getByLabel('amountCents').fill('0')
    await page.locator('.field', { hasText: 'amountCents' }).getByText('must be >= 1').waitFor()
    expect(await page.getByLabel('amountCents').getAttribute('aria-invalid')).toBe('true')
    await page.getByRole('tab', { name: 'JSON' }).click()
    await page.getByLabel('Data as JSON').fill('{"orderId":"A-2","amountCents":1}')
    await page.locator('#json-wrong').getByText("must have required property 'customerEmail'").waitFor()
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page
      .getByText(/\/customerEmail/)
      .last()
      .waitFor()
    await page
      .getByLabel('Data as JSON')
      .fill('{"orderId":"A-3","customerEmail":"a@b.cd","amountCents":12345678901234567890}')
    const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().includes('/messages/'))
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    expect((await sent).postData()).toContain('12345678901234567890')
    await page.getByLabel('Data as JSON').fill('{"orderId":')
    expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true)
  })

  test('the timeline shows by itself what comes, and a filter says what it does not understand', async () => {
    const page = await browser.page(`${stage.console.url}/#/timeline`, { expected: ['422'] })
    const rows = page.locator('.rows a.line')
    const id = await stage.send('order.placed', order('A-3'))
    await page.locator(`a.line[href*="${id}"]`).getByText('processed').waitFor()
    await page.getByLabel('Filter', { exact: true }).fill('typ:hello')
    await page.getByRole('button', { name: 'Filter' }).click()
    await page.getByText('did you mean type?').waitFor()
    await page.getByLabel('Filter', { exact: true }).fill('type:hello age<1h')
    await page.getByRole('button', { name: 'Filter' }).click()
    await page.getByRole('heading', { name: 'No message is like that' }).waitFor()
    const hello = await stage.send('hello', 'Hello!')
    await page.locator(`a.line[href*="${hello}"]`).waitFor()
    expect(await rows.count()).toBe(1)
    expect(page.url()).toContain('filter=type')
    await page.keyboard.press('Escape')
    await page.locator('h1').click()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Story' }).waitFor()
    expect(page.url()).toContain(hello)
  })

  test('a frozen list stands still, and goes on with all that came meanwhile', async () => {
    const page = await browser.page(`${stage.console.url}/#/timeline?filter=type:order.placed`)
    await page.locator('.rows a.line').first().waitFor()
    await page.getByRole('button', { name: 'Freeze' }).click()
    const id = await stage.send('order.placed', order('A-4'))
    const other = await browser.page(`${stage.console.url}/#/timeline`)
    await other.locator(`a.line[href*="${id}"]`).getByText('processed').waitFor()
    expect(await page.locator(`a.line[href*="${id}"]`).count()).toBe(0)
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.locator(`a.line[href*="${id}"]`).getByText('processed').waitFor()
  })

  test('keys lead everywhere, and are shown', async () => {
    const page = await browser.page(stage.console.url)
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('g')
    await page.keyboard.press('c')
    await page.getByRole('heading', { name: 'Contracts' }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('state:processed')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Timeline' }).waitFor()
    expect(await page.getByLabel('Filter', { exact: true }).inputValue()).toBe('state:processed')
  })

  test('of ten thousand messages only those in sight are in the page, and the last is reached', async () => {
    const lines = Array.from({ length: 10_000 }, (_, at) => JSON.stringify(eventOf(`many-${at}`))).join('\n')
    const sent = await fetch(`${stage.producer.url}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: lines,
    })
    expect((await sent.text()).trim().split('\n')).toHaveLength(10_000)
    await eventually('the console has been told of all', async () => (await numberKnown(stage, 'id:many-*')) === 10_000)
    const page = await browser.page(`${stage.console.url}/#/timeline?filter=id:many-*`)
    const box = page.getByRole('region', { name: /loaded/ })
    await box.waitFor()
    await eventually(
      'all of them are loaded',
      async () => {
        await page.evaluate(toTheEnd)
        expect(await box.getAttribute('aria-label')).toBe('Messages, 10000 loaded')
        return true
      },
      { withinMs: 60_000 },
    )
    expect(await page.locator('.rows a.line').count()).toBeLessThan(100)
    await page.evaluate(toTheEnd)
    await page.locator('a.line[href*="many-0?"]').waitFor()
  })
})

describeBrowser('a list of messages that leave it', () => {
  test('is filled up with older ones, although it has become too short to be scrolled', async () => {
    const own = { namespace: 'emptied', consumer: { CONSUMER_GROUPS: 'greetings' } }
    const stage = await openStage(broker, own)
    for (let at = 0; at < 10; at++) await stage.send('order.placed', order(`E-${at}`))
    stage.consumer.kill('SIGSTOP')
    for (let at = 0; at < 200; at++) await stage.send('hello', 'Hello!')
    await eventually('the console has been told of all', async () => (await numberKnown(stage, 'state:routed')) === 210)
    const page = await browser.page(`${stage.console.url}/#/timeline?filter=state:routed`)
    await page.getByRole('region', { name: 'Messages, 200 loaded' }).waitFor()
    expect(await page.getByText('order.placed').count()).toBe(0)
    stage.consumer.kill('SIGCONT')
    await page.getByRole('region', { name: 'Messages, 10 loaded' }).waitFor()
    expect(await page.locator('a.line').getByText('order.placed').count()).toBe(10)
  })
})

/** Of what comes faster than it can be shown, a list leaves some out. */
async function numberKnown({ console }: Stage, filter: string): Promise<number> {
  let known = 0
  for (let before = ''; ;) {
    const answer = await fetch(`${console.url}/messages?filter=${filter}&limit=1000${before}`)
    const { rows, next } = (await answer.json()) as MessagePage
    known += rows.length
    if (next === undefined) return known
    before = `&before=${next}`
  }
}

const toTheEnd = 'document.querySelector(".rows").scrollTo(0, 1e9)'

const eventOf = (id: string) => ({
  specversion: '1.0',
  id,
  source: '/page',
  type: 'order.placed',
  datacontenttype: 'application/json',
  data: order(id),
})

describeBrowser('a console whose broker goes away', () => {
  test('says so, and goes on without being loaded again', async () => {
    const { proxy, url } = await proxiedBroker(broker.url)
    const stage = await openStage(broker, { namespace: 'away', console: { BROKER_URL: url } })
    const page = await browser.page(stage.console.url)
    await page.getByRole('heading', { name: 'No message yet' }).waitFor()
    proxy.refuse()
    proxy.cut()
    await page.getByText('The console has no connection to the broker').waitFor()
    const id = await stage.send('order.placed', order('B-1'))
    proxy.accept()
    await page.getByText('The console has no connection to the broker').waitFor({ state: 'detached' })
    await page.locator(`a[href*="${id}"]`).first().waitFor()
  })
})

describeBrowser('a console that is started again', () => {
  test('is missed by its page, which goes on by itself', async () => {
    const stage = await openStage(broker, { namespace: 'again' })
    const expected = ['ERR_CONNECTION_REFUSED', 'ERR_INCOMPLETE_CHUNKED_ENCODING', 'ERR_CONNECTION_RESET', '503']
    const page = await browser.page(`${stage.console.url}/#/timeline`, { expected })
    const before = await stage.send('order.placed', order('C-1'))
    await page.locator(`a.line[href*="${before}"]`).waitFor()
    stage.console.kill('SIGKILL')
    await page.getByText('The console is not reached').waitFor()
    const meanwhile = await stage.send('order.placed', order('C-2'))
    await startService('console', {
      ...{ BROKER_URL: broker.url, NAMESPACE: stage.namespace },
      ...{ PRODUCER_URL: stage.producer.url, CONSUMER_URL: stage.consumer.url },
      CONSOLE_PORT: new URL(stage.console.url).port,
    })
    for (const id of [before, meanwhile]) await page.locator(`a.line[href*="${id}"]`).getByText('processed').waitFor()
    await page.getByText('The console is not reached').waitFor({ state: 'detached' })
  })

  test('a service that is killed is seen to be away, and to be back', async () => {
    const stage = await openStage(broker, { namespace: 'killed' })
    const page = await browser.page(stage.console.url)
    const consumer = page.locator('.service', { hasText: 'consumer' })
    await consumer.getByText('ready', { exact: true }).waitFor()
    stage.consumer.kill('SIGKILL')
    await consumer.getByText('away', { exact: true }).waitFor()
    await consumer.getByText(/Nothing answers at http/).waitFor()
    await startService('consumer', {
      ...{ BROKER_URL: broker.url, NAMESPACE: stage.namespace },
      CONSUMER_PORT: new URL(stage.consumer.url).port,
    })
    await consumer.getByText('ready', { exact: true }).waitFor()
  })
})

describeBrowser('a console with keys', () => {
  test('asks for one, says when it is wrong, and shows nothing before', async () => {
    const key = 'a-key-for-this-test-alone'
    const hash = createHash('sha256').update(key).digest('hex')
    const stage = await openStage(broker, { namespace: 'keys', console: { CONSOLE_API_KEYS: `ada:${hash}` } })
    const id = await stage.send('order.placed', order('K-1'))
    const page = await browser.page(`${stage.console.url}/#/timeline`, { expected: ['401'] })
    const dialog = page.getByRole('dialog', { name: 'This console asks for a key' })
    await dialog.waitFor()
    expect(await page.locator('.rows a.line').count()).toBe(0)
    await dialog.getByLabel('Key').fill('wrong')
    await dialog.getByRole('button', { name: 'Open' }).click()
    await dialog.getByText('the API key is not valid').waitFor()
    await dialog.getByLabel('Key').fill(key)
    await dialog.getByRole('button', { name: 'Open' }).click()
    await page.locator(`a.line[href*="${id}"]`).getByText('processed').waitFor()
    expect(await page.evaluate<string>('JSON.stringify({ ...localStorage })')).not.toContain(key)
  })
  test('shows everything to one that may only look, and offers nothing that changes something', async () => {
    const hash = createHash('sha256').update('look').digest('hex')
    const stage = await openStage(broker, { namespace: 'looking', console: { CONSOLE_READ_KEYS: `eve:${hash}` } })
    const id = await stage.send('order.placed', order('L-1'))
    await parkOrders(stage.raw, { namespace: 'looking', ids: ['l-1'] })
    const page = await browser.page(`${stage.console.url}/#/timeline`, { expected: ['401'] })
    const dialog = page.getByRole('dialog', { name: 'This console asks for a key' })
    await dialog.getByLabel('Key').fill('look')
    await dialog.getByRole('button', { name: 'Open' }).click()
    await page.locator(`a.line[href*="${id}"]`).getByText('processed').waitFor()
    await page.getByText('may look only').waitFor()
    await page.goto(`${stage.console.url}/#/send/order.placed`)
    await page.getByText('The key that you gave may look and send nothing.').waitFor()
    expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true)
    await page.goto(`${stage.console.url}/#/dead-letters/ledger/l-1`)
    await page.getByRole('button', { name: 'Export' }).waitFor()
    for (const name of ['Replay…', 'Edit and replay…', 'Discard…'])
      expect(await page.getByRole('button', { name }).isVisible()).toBe(false)
  })
})
