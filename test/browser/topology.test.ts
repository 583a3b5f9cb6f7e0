/** The picture of the topology, as a person reads it, with a broker that is harmed meanwhile. */
import { useBroker } from '../support/broker'
import { runningBroker } from '../support/brokers/running-brokers'
import { describeBrowser, useBrowser } from '../support/browser'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { openStage } from './stage'

const broker = useBroker()
const browser = useBrowser()

describeBrowser('the topology', () => {
  test('shows what stands, tells what a harm is, and where a message would go', async () => {
    const console = { BROKER_MANAGEMENT_URL: runningBroker().managementUrl }
    const stage = await openStage(broker, { namespace: 'harmed', console })
    const page = await browser.page(`${stage.console.url}/#/topology`)
    await page.getByText('As declared.').waitFor()
    const bindings = await broker.management.bindings()
    const ours = bindings.find(
      ({ source, destination, routing_key: key }) =>
        source === 'harmed.events.v1' && destination === 'harmed.mail.v1' && key === 'order.placed',
    )
    if (ours === undefined) throw new Error('order.placed is not bound to the group mail')
    await broker.management.deleteBinding(ours)
    await stage.raw.channel.assertQueue('harmed.strange.v9', { durable: true })
    await page.getByText('1 binding missing and 1 extra').waitFor()
    await page.goto(`${stage.console.url}/#/topology?exchange=harmed.events.v1&key=order.placed`)
    await page
      .getByText(/ledger/)
      .first()
      .waitFor()
    await page.goto(`${stage.console.url}/#/topology?tab=list`)
    await page
      .getByText(/strange/)
      .filter({ visible: true })
      .first()
      .waitFor()
    // One says how to see these alone.
    const alone = () =>
      page
        .getByText(/no consumer/i)
        .filter({ visible: true })
        .count()
    const before = await alone()
    stage.consumer.kill('SIGKILL')
    await eventually('each group is told to have none', async () => (await alone()) >= before + 5)
  })

  test('shows how much flows where, as numbers beside the lines and in the list', async () => {
    const console = { BROKER_MANAGEMENT_URL: runningBroker().managementUrl }
    const stage = await openStage(broker, { namespace: 'flowing', console })
    const page = await browser.page(`${stage.console.url}/#/topology`)
    await page.getByText(/Messages a second: by the broker’s counters/).waitFor()
    const told = page.locator('.topo-edge .rate')
    expect(await told.count()).toBe(0)
    const boxes = async () => {
      const cards = await page.locator('.topo-card').all()
      return Promise.all(cards.map((card) => card.getAttribute('transform')))
    }
    const before = await boxes()
    const timer = setInterval(() => void stage.send('hello', 'Hello').catch(() => {}), 100)
    atEnd(() => clearInterval(timer))
    const rateOf = (node: string) => page.locator(`[data-node="${node}"] .flow`)
    await eventually('each part of the way tells its rate', async () => {
      const [exchange, queue, lines] = await Promise.all([
        rateOf('exchange flowing.commands.v1').textContent({ timeout: 1_000 }),
        rateOf('fold greetings').textContent({ timeout: 1_000 }),
        told.allTextContents(),
      ])
      const isRates = /^[\d.]+\/s → [\d.]+\/s$/
      return (
        isRates.test(exchange ?? '') &&
        isRates.test(queue ?? '') &&
        lines.filter((line) => /^\s*[\d.]+\/s$/.test(line)).length >= 3
      )
    })
    // Numbers alone move no card.
    expect(await boxes()).toEqual(before)
    await page.getByRole('button', { name: 'List' }).click()
    const handed = page
      .locator('tr', { hasText: 'hello' })
      .filter({ hasText: 'greetings' })
      .filter({ hasText: 'commands' })
    await handed.first().waitFor()
  })
})
