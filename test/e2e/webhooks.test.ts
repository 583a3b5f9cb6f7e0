/** Real input: every GitHub webhook body of @octokit/webhooks-examples, processed exactly once with equal content. */
import { openStore } from '../../shared/store/open-store'
import { compareWebhooks } from '../../scripts/webhooks/compare'
import { webhookExamples } from '../../scripts/webhooks/examples'
import { sendWebhooks } from '../../scripts/webhooks/send'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { useOwnBroker } from '../support/own-broker'
import { startService } from '../support/service'
import { startPair, type Pair } from './pair'

const broker = useOwnBroker()

// A node that is stopped and boots again on a busy machine takes its time.
jest.setTimeout(240_000)

async function expectAllOnce({ storeUrl }: Pair, run: string): Promise<void> {
  const store = await openStore({ url: storeUrl, migrations: [] })
  atEnd(() => store.close())
  const examples = webhookExamples(run)
  await eventually(
    'all are in the store',
    async () => (await compareWebhooks(store, run, examples)).missing.length === 0,
    { withinMs: 60_000 },
  )
  expect(await compareWebhooks(store, run, examples)).toEqual({
    found: examples.length,
    missing: [],
    repeated: [],
    changed: [],
  })
}

const options = (pair: Pair) => ({ url: pair.producer.url, apiKey: undefined, concurrency: 20, patienceMs: 110_000 })

test('in calm', async () => {
  const pair = await startPair(broker.url, { NAMESPACE: 'calm' })
  const examples = webhookExamples('calm')
  expect(examples.length).toBeGreaterThan(700)
  const tries = await sendWebhooks(examples, options(pair))
  expect(tries).toBe(examples.length)
  await expectAllOnce(pair, 'calm')
})

test('with the consumer killed midway, and then the broker', async () => {
  const env = { NAMESPACE: 'storm' }
  const pair = await startPair(broker.url, env)
  let accepted = 0
  const sending = sendWebhooks(webhookExamples('storm'), { ...options(pair), accepted: (count) => (accepted = count) })
  await eventually('some are accepted', () => accepted > 100)
  pair.consumer.kill('SIGKILL')
  await pair.consumer.exited
  await eventually('more are accepted without a consumer', () => accepted > 250)
  await broker.kill()
  await broker.start()
  await startService('consumer', { BROKER_URL: broker.url, STORE_URL: pair.storeUrl, ...env })
  await sending
  await expectAllOnce(pair, 'storm')
})
