/** Faults made to happen by a click, and what the page says came of them. */
import type { Page } from 'playwright-core'
import { barriersIn } from '../support/accessibility'
import { useBroker } from '../support/broker'
import { describeBrowser, useBrowser } from '../support/browser'
import { eventually } from '../support/eventually'
import { startService } from '../support/service'
import { openStage, type Stage } from './stage'

const broker = useBroker()
const browser = useBrowser()
const withinMs = 120_000
jest.setTimeout(300_000)

const on = { FAULTS: 'on' }

/** Strikes, and answers once the page has its verdict. */
async function strike(page: Page, fault: string, target?: string): Promise<string> {
  if (target !== undefined)
    await page
      .getByRole('group', { name: `Whom ${fault} befalls` })
      .getByRole('button', { name: target })
      .click()
  await page.getByRole('button', { name: `Strike: ${fault}` }).click()
  await page.getByRole('button', { name: 'End the trial' }).waitFor()
  const verdict = page.getByRole('region', { name: 'Trial', exact: true }).locator('.banner')
  await verdict.waitFor({ timeout: withinMs })
  return verdict.innerText()
}

const countOf = (page: Page, name: string) =>
  page.locator('.trial-counts div').filter({ hasText: name }).locator('dd').innerText()

describeBrowser('the page of faults', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage(broker, { namespace: 'struck', producer: on, consumer: on, console: on })
  })

  test('a dropped link loses nothing, and the page says so', async () => {
    const page = await browser.page(`${stage.console.url}/#/`)
    await page.getByRole('link', { name: 'Faults' }).click()
    await page.getByRole('heading', { name: 'No trial yet' }).waitFor()
    const verdict = await strike(page, 'Drop link', 'consumer')
    expect(verdict).toContain('Nothing is lost: each of')
    expect(await countOf(page, 'lost')).toBe('0')
    expect(await countOf(page, 'processed')).toBe(await countOf(page, 'accepted'))
    await page.getByText('connections were cut off without a goodbye').waitFor()
    expect(await page.locator('.trial-strip').getAttribute('aria-label')).toMatch(
      /accepted and .* the fault struck after/,
    )
    expect(await barriersIn(page)).toEqual([])
  })

  test('a poisoned message becomes a dead letter with its reason, and the link leads there', async () => {
    const page = await browser.page(`${stage.console.url}/#/faults`)
    await page.getByRole('group', { name: 'Its body' }).getByRole('button', { name: 'wrong shape' }).click()
    const verdict = await strike(page, 'Poison')
    expect(verdict).toContain('1 parked as dead letter with a reason')
    expect(await countOf(page, 'dead letters')).toBe('1')
    await page.getByText('invalid: Refused').waitFor()
    await page.getByRole('link', { name: 'dead letter', exact: true }).click()
    await page.getByText('as they are on the wire').first().waitFor()
    await page.getByText('poison-').filter({ visible: true }).first().waitFor()
  })

  test('five copies with one id have one effect', async () => {
    const page = await browser.page(`${stage.console.url}/#/faults`)
    const verdict = await strike(page, 'Duplicate')
    expect(verdict).toContain('delivered again without a second effect')
    await page.getByText('5 deliveries processed, 1 with an effect').waitFor()
  })

  test('a handler that hangs is given up at its limit and tried again, and holds up nobody else', async () => {
    const page = await browser.page(`${stage.console.url}/#/faults`)
    const verdict = await strike(page, 'Hang')
    expect(verdict).toContain('Nothing is lost')
    expect(await countOf(page, 'tried again')).toBe('1')
    await page.getByText(/timeout: TimeLimitExceeded: no result within 30000 ms/).waitFor()
  })

  test('a trial can be ended before its time; where nobody supervises, no one can be killed', async () => {
    const page = await browser.page(`${stage.console.url}/#/faults`)
    await page.getByRole('button', { name: 'Strike: Close channel' }).click()
    await page.getByRole('button', { name: 'End the trial' }).click()
    await page.getByText('It was ended before its time.').waitFor()
    expect(await page.getByRole('button', { name: 'Strike: Kill' }).isDisabled()).toBe(true)
    await page.getByText('nothing would start it again').waitFor()
    expect(await page.getByRole('button', { name: 'Strike: Block memory' }).isDisabled()).toBe(true)
    await page.getByText('rabbitmqctl eval').waitFor()
    expect(await barriersIn(page)).toEqual([])
  })

  test('where faults are off there is no such page to go to, and its address says how', async () => {
    const calm = await openStage(broker, { namespace: 'calm' })
    const page = await browser.page(`${calm.console.url}/#/faults`)
    await page.getByRole('heading', { name: 'Faults are switched off' }).waitFor()
    expect(await page.getByRole('link', { name: 'Faults' }).count()).toBe(0)
    expect(await barriersIn(page)).toEqual([])
  })

  test('with a share of the journal alone no trial can be judged, and none is begun', async () => {
    const share = { ...on, JOURNAL_SAMPLE: '0.5' }
    const part = await openStage(broker, { namespace: 'part', producer: share, consumer: share, console: share })
    const page = await browser.page(`${part.console.url}/#/faults`)
    await page.getByText('No trial can be judged: JOURNAL_SAMPLE is 0.5').waitFor()
    expect(await page.getByRole('button', { name: 'Strike: Poison' }).isDisabled()).toBe(true)
  })
})

describeBrowser('a console that is started again while a trial runs', () => {
  test('knows nothing of it, and its page offers faults anew', async () => {
    const stage = await openStage(broker, { namespace: 'anew', producer: on, consumer: on, console: on })
    const expected = ['ERR_CONNECTION_REFUSED', 'ERR_INCOMPLETE_CHUNKED_ENCODING', 'ERR_CONNECTION_RESET', '404', '503']
    const page = await browser.page(`${stage.console.url}/#/faults`, { expected })
    await page.getByRole('button', { name: 'Strike: Duplicate' }).click()
    await page.getByRole('button', { name: 'End the trial' }).waitFor()
    stage.console.kill('SIGKILL')
    await startService('console', {
      ...{ BROKER_URL: broker.url, NAMESPACE: stage.namespace, ...on },
      ...{ PRODUCER_URL: stage.producer.url, CONSUMER_URL: stage.consumer.url },
      CONSOLE_PORT: new URL(stage.console.url).port,
    })
    await page.getByRole('button', { name: 'End the trial' }).waitFor({ state: 'detached' })
    await eventually('faults are offered', () => page.getByRole('button', { name: 'Strike: Duplicate' }).isEnabled())
  })
})
