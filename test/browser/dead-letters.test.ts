/** Dead letters in the page, as a person decides on them. */
import { readFile } from 'node:fs/promises'
import { useBroker } from '../support/broker'
import { barriersIn } from '../support/accessibility'
import { describeBrowser, keepPicture, useBrowser } from '../support/browser'
import { eventually } from '../support/eventually'
import { idsOf, parkOrders } from '../e2e/dead-letter-fixtures'
import { openStage, order, type Stage } from './stage'

const broker = useBroker()
const browser = useBrowser()

describeBrowser('dead letters', () => {
  let stage: Stage

  beforeAll(async () => {
    stage = await openStage(broker, { namespace: 'undone' })
  })

  const park = (ids: readonly string[], headers: Readonly<Record<string, unknown>> = {}) =>
    parkOrders(stage.raw, { namespace: stage.namespace, ids, headers })
  const dead = (group: string) => stage.raw.countReady(`${stage.namespace}.${group}.dead.v1`)
  const open = (path: string) => browser.page(`${stage.console.url}/#/dead-letters${path}`, { scheme: 'dark' })

  test('what is poison becomes a dead letter, is mended in the page, and is processed', async () => {
    const body = Buffer.from('{"orderId":"poison","customerEmail":"nobody","amountCents":9007199254740993}')
    await stage.raw.publishRaw('', `${stage.namespace}.mail.v1`, body, {
      ...{ messageId: 'poison', type: 'order.placed', contentType: 'application/json' },
      headers: { cloudEvents_id: 'poison', cloudEvents_source: '/test', cloudEvents_type: 'order.placed' },
    })
    await eventually('it is parked', async () => (await dead('mail')) === 1)
    const page = await open('')
    await page.getByRole('link', { name: /^Dead letters\s*1 wait$/ }).waitFor()
    await page.getByRole('link', { name: /^mail/ }).click()
    await page.getByRole('link', { name: 'An example' }).click()
    // A double would show its neighbour.
    await page.locator('.marked .wrong', { hasText: '9007199254740993' }).getByText('must be <=').waitFor()
    await page.getByRole('button', { name: 'Edit and replay…' }).click()
    const data = page.getByLabel('Data as JSON')
    await page.locator('#data-wrong').getByText('/customerEmail').waitFor()
    expect(await page.getByRole('button', { name: 'Review' }).isDisabled()).toBe(true)
    await data.fill(JSON.stringify(order('mended')))
    await page.getByText('It fits order.placed.').waitFor()
    await page.getByRole('button', { name: 'Review' }).click()
    await page.getByRole('row', { name: '/customerEmail "nobody" "ada@example.com"' }).waitFor()
    await keepPicture(page, 'dead-letter-edit')
    expect(await barriersIn(page)).toEqual([])
    await page.getByLabel(/^Why/).fill('mistyped')
    await page.getByRole('button', { name: 'Send it' }).click()
    await page.getByRole('link', { name: /^Follow/ }).click()
    await page.locator('.page-head .badge').getByText('processed').waitFor()
    expect(await dead('mail')).toBe(0)
  })

  test('all that match are counted, replayed and gone; what was not chosen is left', async () => {
    await park(idsOf(120, 'away'))
    const later = { 'handoff-dead-at': '2026-01-01T01:00:00.000Z' }
    await park(idsOf(3, 'slow'), { 'handoff-reason': 'timeout', 'handoff-error': 'Error: too slow', ...later })
    const page = await open('/ledger')
    await page
      .getByRole('button', { name: /^Choose all 120/ })
      .first()
      .click()
    await page.getByText('All 120 that match are chosen, shown or not.').waitFor()
    expect(page.url()).toContain('signature=')
    expect(await page.locator('table.letters tbody tr').count()).toBe(50)
    await page.getByRole('img', { name: /^120 deaths between .*, at most 120 within/ }).waitFor()
    const pages = page.getByRole('navigation', { name: 'Pages of letters', exact: true })
    await pages.getByText('1 to 50 of 120').waitFor()
    await pages.getByRole('button', { name: 'Last' }).click()
    await pages.getByText('101 to 120 of 120').waitFor()
    expect(await page.locator('table.letters tbody tr').count()).toBe(20)
    await page.getByText('All 120 that match are chosen, shown or not.').waitFor()
    await page.getByRole('button', { name: 'Replay…' }).click()
    const review = page.getByRole('dialog', { name: 'Replay' })
    await review.getByText(`120 order.placed to ${stage.namespace}.ledger.v1`).waitFor()
    expect(await dead('ledger')).toBe(123)
    await keepPicture(page, 'dead-letters-review')
    expect(await barriersIn(page)).toEqual([])
    await review.getByRole('button', { name: 'Replay 120' }).click()
    await page.getByText('120 of 120 replayed.').waitFor()
    // Whoever works with the keys is where it is told.
    expect(await page.evaluate('document.activeElement.id')).toBe('works')
    await page.getByText('What became of each: 120 replayed').click()
    const results = page.getByRole('region', { name: 'What became of each' })
    // Of many, only those in sight are in the page.
    expect(await results.locator('li').count()).toBeLessThan(40)
    expect(await barriersIn(page)).toEqual([])
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: /^Save as JSONL/ }).click()
    const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\n')
    expect(lines).toHaveLength(120)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ outcome: 'replayed', to: `${stage.namespace}.ledger.v1` })
    await page.getByText('What became of each: 120 replayed').click()
    await eventually('those are gone', async () => (await dead('ledger')) === 3)
    await page.getByText('No letter is like that').waitFor()
    await page.getByRole('button', { name: 'Show every kind' }).click()
    await page
      .getByRole('button', { name: /^Choose all 3/ })
      .first()
      .waitFor()
  })

  test('another number than was reviewed, and nothing is touched', async () => {
    await park(idsOf(2, 'seen'), { 'handoff-reason': 'late' })
    const page = await browser.page(`${stage.console.url}/#/dead-letters/ledger?reason=late`, { expected: ['409'] })
    await page.getByRole('button', { name: 'Choose all 2 that match' }).click()
    await page.getByRole('button', { name: 'Discard…' }).click()
    const review = page.getByRole('dialog')
    await review.getByLabel(/^Why/).fill('a drill')
    expect(await review.getByRole('button', { name: 'Discard 2' }).isDisabled()).toBe(true)
    await review.getByLabel('Type 2 to agree').fill('2')
    await park(['unseen'], { 'handoff-reason': 'late' })
    const before = await dead('ledger')
    await review.getByRole('button', { name: 'Discard 2' }).click()
    await review.getByText('3 dead letters are selected, and 2 were expected').waitFor()
    await eventually('none is held any more', async () => (await dead('ledger')) === before)
    await review.getByRole('button', { name: 'Try again' }).click()
    await review.getByLabel('Type 3 to agree').waitFor()
    expect(await barriersIn(page)).toEqual([])
  })

  test('by the keys alone: down, choose, open', async () => {
    await park(['k-1', 'k-2'], { 'handoff-reason': 'keys' })
    const page = await open('/ledger?reason=keys')
    await page.locator('table.letters').waitFor()
    for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key)
    await page.getByText('2 chosen.').waitFor()
    await page.keyboard.press('k')
    await page.keyboard.press('Enter')
    await page.locator('.page-head').getByText('k-1', { exact: true }).waitFor()
  })
})
