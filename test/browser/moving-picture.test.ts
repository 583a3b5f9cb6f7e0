/** The moving picture of the README: one message from the form by way of the dead letters to its end. */
import type { Page } from 'playwright-core'
import { animatedPng, type Frame } from '../../scripts/pictures/animated-png'
import { pixelsOf } from '../../scripts/pictures/pixels'
import type { NumbersView } from '../../services/console/views/numbers'
import { useBroker } from '../support/broker'
import { runningBroker } from '../support/brokers/running-brokers'
import { describeBrowser, keepAnimation, useBrowser } from '../support/browser'
import { eventually } from '../support/eventually'
import { openCamera, type Camera } from './film/camera'
import { tellHistory } from './history'
import { openStage, type Stage } from './stage'

const broker = useBroker()
const browser = useBrowser()
const screen = { width: 1_000, height: 640 }
/** A README is loaded by whoever passes by. */
const largestBytes = 1_500_000
const longestMs = 15_000
const captured = { paymentId: 'P-1001', amountCents: 4_200 }

describeBrowser('a message that dies, is edited and is processed', () => {
  let stage: Stage
  let frames: readonly Frame[]
  beforeAll(async () => {
    const console = { BROKER_MANAGEMENT_URL: runningBroker().managementUrl }
    // As npm start has it: the page of the message shows what it carried.
    const keeps = { JOURNAL_DATA_BYTES: '16384' }
    stage = await openStage(broker, { namespace: 'shop', console, producer: keeps, consumer: keeps })
    await tellHistory(stage.raw, { namespace: stage.namespace, lasts: 320_000 })
    await stage.send('payment.capture', captured)
    await eventually('all of the past is counted', async () => {
      const { total } = (await (await fetch(`${stage.console.url}/numbers?range=5m`)).json()) as NumbersView
      return total.counts.accepted > 2_000
    })
  })

  test('is filmed, in a file that a README can bear', async () => {
    const page = await browser.page(stage.console.url, { scheme: 'dark', ...screen })
    await page.getByText('Latest messages').waitFor()
    const camera = await openCamera(page)
    await camera.hold(1_000)
    await sendWhatWasCaptured(page, camera)
    await seeItDie(page, camera)
    await camera.click(page.getByRole('link', { name: /^Dead letters/ }))
    for (const name of [/^payments/, 'An example']) {
      await page.getByRole('link', { name }).waitFor()
      await camera.hold(350)
      await camera.click(page.getByRole('link', { name }))
    }
    await editIt(page, camera)
    await camera.click(page.getByRole('link', { name: /^Follow/ }))
    await camera.watch(page.locator('.page-head .badge').getByText('processed').waitFor())
    await page.getByRole('link', { name: 'Dead letters', exact: true }).waitFor()
    await camera.hold(1_800)
    frames = camera.frames
    const film = animatedPng(frames, { plays: 2 })
    keepAnimation(film.file, 'one-message')
    expect(film.file.length).toBeLessThan(largestBytes)
    expect(film.lastsMs).toBeLessThan(longestMs)
  }, 300_000)

  test('is shown by a browser, each picture on the one before, until the last stands still', async () => {
    const fast = animatedPng(
      frames.map(({ png }) => ({ png, lastsMs: 20 })),
      { plays: 1 },
    )
    const page = await browser.page('about:blank', screen)
    await page.setContent(`<img alt="" src="data:image/png;base64,${fast.file.toString('base64')}">`)
    await page.addStyleTag({ content: 'body { margin: 0 } img { display: block }' })
    const last = pixelsOf(frames.at(-1)?.png ?? Buffer.alloc(0)).rgb
    await eventually('it stands on the last picture', async () => pixelsOf(await page.screenshot()).rgb.equals(last))
  }, 300_000)

  async function sendWhatWasCaptured(page: Page, camera: Camera): Promise<void> {
    await camera.click(page.getByRole('link', { name: 'Send', exact: true }))
    await page.getByLabel('Message type').selectOption('payment.capture')
    await camera.click(page.getByLabel('paymentId'))
    await page.getByLabel('paymentId').selectText()
    await camera.write(captured.paymentId)
    const send = page.getByRole('button', { name: 'Send', exact: true })
    await camera.pointAt(send)
    // What takes 30 ms is over before anybody sees it: the consumer is held still until the way to it has been seen.
    stage.consumer.kill('SIGSTOP')
    await camera.click(send)
    await page.getByRole('link', { name: 'Follow it' }).waitFor()
    await camera.hold(500)
  }

  async function seeItDie(page: Page, camera: Camera): Promise<void> {
    await camera.click(page.getByRole('link', { name: 'Follow it' }))
    await page.locator('.story strong').getByText('routed').waitFor()
    await camera.hold(700)
    stage.consumer.kill('SIGCONT')
    await page.locator('.page-head .badge').getByText('dead').waitFor()
    // On a slow machine the console has missed it meanwhile.
    await page.getByRole('link', { name: 'The system is ready' }).waitFor()
    await camera.hold(1_000)
  }
})

async function editIt(page: Page, camera: Camera): Promise<void> {
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  await button('Edit and replay…').waitFor()
  await camera.hold(500)
  await camera.click(button('Edit and replay…'))
  await camera.click(page.getByLabel('Data as JSON'))
  await page.evaluate(chooseTheNumber)
  await camera.write('1002')
  await page.getByText('It fits payment.capture.').waitFor()
  await camera.hold(300)
  await camera.click(button('Review'))
  await button('Send it').waitFor()
  await camera.hold(700)
  await camera.click(button('Send it'))
  await page.getByRole('link', { name: /^Follow/ }).waitFor()
  await camera.hold(500)
}

const chooseTheNumber = `(() => {
  const field = document.getElementById('data')
  const at = field.value.indexOf('P-') + 2
  field.setSelectionRange(at, at + 4)
})()`
