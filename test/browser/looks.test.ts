/** Every page, in both colour schemes, wide and narrow, with little and with nothing: no barriers, and a picture of each. */
import type { TrialView } from '../../services/console/views/faults'
import type { NumbersView } from '../../services/console/views/numbers'
import { useBroker } from '../support/broker'
import { runningBroker } from '../support/brokers/running-brokers'
import { eventually } from '../support/eventually'
import { barriersIn } from '../support/accessibility'
import { describeBrowser, keepPicture, useBrowser } from '../support/browser'
import { parkOrders } from '../e2e/dead-letter-fixtures'
import { tellHistory } from './history'
import { routesFile } from './routes-file'
import { openStage, order, type Stage } from './stage'

const broker = useBroker()
const browser = useBrowser()

interface Shown {
  readonly name: string
  readonly path: () => string
  /** A text that is there when all of the page is. */
  readonly until: string
}

const shown: readonly Shown[] = [
  { name: 'overview', path: () => '#/', until: 'Latest messages' },
  { name: 'topology', path: () => '#/topology', until: 'consumer group' },
  { name: 'topology-list', path: () => '#/topology?tab=list', until: 'As declared' },
  { name: 'routes', path: () => '#/routes', until: 'goes by the same' },
  { name: 'routes-explain', path: () => '#/routes/explain?type=order.placed', until: 'goes to ledger' },
  { name: 'routes-what-if', path: () => '#/routes/what-if', until: 'the same as those in effect' },
  { name: 'timeline', path: () => '#/timeline', until: 'messages in memory' },
  { name: 'message', path: () => `#/messages/${triedTwice}`, until: 'What it carried' },
  { name: 'send', path: () => '#/send/order.placed', until: 'Verdict' },
  { name: 'contracts', path: () => '#/contracts/order.placed', until: 'JSON Schema' },
  { name: 'dead-letters', path: () => '#/dead-letters', until: 'what somebody looks at in this moment' },
  { name: 'dead-letters-group', path: () => '#/dead-letters/ledger', until: 'Nothing is chosen yet' },
  { name: 'faults', path: () => '#/faults', until: 'Nothing is lost' },
  { name: 'dead-letter', path: () => '#/dead-letters/ledger/p-1', until: 'as they are on the wire' },
]

/** What is wider than the screen, where the page as a whole can be moved sideways. */
const tooWide = `document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')]
    .filter((each) => each.getBoundingClientRect().right > innerWidth + 1 && each.closest('.table-scroll, .side, svg') === null)
    .map((each) => each.outerHTML.slice(0, 120))`

// One in forty of the history is.
const triedTwice = '01a22fb5-5140-7da7-8518-000000000047'

// One of each kind; what this test sends goes its way without them.
const rules = `version: 1
rules:
  - name: large orders to mail alone
    match: order.placed
    when: event.data.amountCents >= 100000
    route: [mail]
  - name: a copy of the shop's orders
    match: order.*
    attributes: { source: { prefix: /shop/web } }
    copy: [ledger]
  - name: nothing from the load test
    match: '#'
    attributes: { source: /load-test }
    drop: true
  - name: refunds an hour later, in order for each
    match: payment.capture
    attributes: { subject: { suffix: -refund } }
    delay: 3600
    key: event.data.paymentId
  - name: what an import sends waits for all else
    match: '#'
    attributes: { source: /import }
    priority: 2
`

const screens = [
  { kind: 'wide', width: 1_440, height: 900 },
  { kind: 'narrow', width: 390, height: 844 },
] as const

/** A short one, in which a link is dropped. */
async function runTrial({ console }: Stage): Promise<void> {
  const asked = { fault: 'drop-link', target: 'consumer', seconds: 5, strikeAfterSeconds: 2 }
  const headers = { 'content-type': 'application/json' }
  const started = await fetch(`${console.url}/faults/trials`, { method: 'POST', headers, body: JSON.stringify(asked) })
  const { id } = (await started.json()) as TrialView
  await eventually('the trial has its verdict', async () => {
    const { verdict } = (await (await fetch(`${console.url}/faults/trials/${id}`)).json()) as TrialView
    return verdict
  })
}

describeBrowser('every page', () => {
  let stage: Stage
  beforeAll(async () => {
    const on = { FAULTS: 'on', ROUTES_FILE: (await routesFile(rules)).path }
    const console = { BROKER_MANAGEMENT_URL: runningBroker().managementUrl, ...on }
    stage = await openStage(broker, { namespace: 'looks', producer: on, consumer: on, console })
    const { namespace, raw } = stage
    await tellHistory(raw, { namespace, lasts: 320_000 })
    for (let at = 0; at < 30; at++) {
      await stage.send('order.placed', order(`A-${at}`))
      await stage.send('hello', `Hello ${at}`)
    }
    await parkOrders(raw, { namespace, ids: ['p-1', 'p-2'] })
    const headers = { 'handoff-reason': 'timeout', 'handoff-error': 'Error: no answer within 30000 ms' }
    await parkOrders(raw, { namespace, ids: Array.from({ length: 9 }, (_, at) => `t-${at}`), headers })
    await runTrial(stage)
    await eventually('all of the past is counted', async () => {
      const { total } = (await (await fetch(`${stage.console.url}/numbers?range=5m`)).json()) as NumbersView
      return total.counts.accepted > 2_000
    })
  })

  describe.each(['light', 'dark'] as const)('in %s', (scheme) => {
    test.each(screens)('is without barriers, $kind', async ({ kind, width, height }) => {
      const page = await browser.page(stage.console.url, { scheme, width, height })
      for (const { name, path, until } of shown) {
        await page.goto(`${stage.console.url}/${path()}`)
        await page.getByText(until).filter({ visible: true }).first().waitFor()
        await keepPicture(page, `${name}-${scheme}-${kind}`)
        expect({ name, barriers: await barriersIn(page) }).toEqual({ name, barriers: [] })
        expect({ name, tooWide: await page.evaluate(tooWide) }).toEqual({ name, tooWide: [] })
      }
    })
  })

  test('what is not there is said, and leads on', async () => {
    const page = await browser.page(`${stage.console.url}/#/messages/nobody`, { expected: ['404'] })
    await page.getByRole('heading', { name: 'Nobody knows this message' }).waitFor()
    expect(await barriersIn(page)).toEqual([])
    await page.goto(`${stage.console.url}/#/nowhere`)
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
    expect(await barriersIn(page)).toEqual([])
  })

  test('who wants no motion has none', async () => {
    const page = await browser.page(stage.console.url)
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.getByText('Latest messages').waitFor()
    expect(await page.evaluate('document.getAnimations().length')).toBe(0)
  })
})
