/** The passwords of a run stay out of its logs, metrics, probes and answers, also when things go wrong. */
import { createHash, randomBytes } from 'node:crypto'
import { postgresAnswers } from '../contract/store-test-database'
import { order, post, startPair } from '../e2e/pair'
import { githubHeaders } from '../services/producer/webhooks/signing'
import { useBroker } from '../support/broker'
import { runningBroker } from '../support/brokers/running-brokers'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { apiOf } from '../support/management'
import { freshDatabase } from '../support/on-postgres'
import { startService } from '../support/service'

const broker = useBroker()
const [brokerPassword = '', storePassword = '', key = '', webhookSecret = ''] = Array.from({ length: 4 }, () =>
  randomBytes(12).toString('hex'),
)
const keyHash = createHash('sha256').update(key).digest('hex')

/** A user of the broker with this password, who may do everything in the test's virtual host. */
async function brokerUser(): Promise<URL> {
  const api = apiOf(runningBroker().managementUrl)
  const user = `user-${randomBytes(6).toString('hex')}`
  await api('PUT', `users/${user}`, { password: brokerPassword, tags: '' })
  atEnd(() => api('DELETE', `users/${user}`))
  await api('PUT', `permissions/${broker.vhost}/${user}`, { configure: '.*', write: '.*', read: '.*' })
  const url = new URL(broker.url)
  url.username = user
  url.password = brokerPassword
  return url
}

/** With a password, where there is a server that lets tests in without one; else a file, which has none. */
async function storeSettings(): Promise<Record<string, string>> {
  if (!postgresAnswers()) return {}
  const withPassword = new URL(await freshDatabase())
  if (withPassword.password === '') withPassword.password = storePassword
  return { STORE_URL: withPassword.href }
}

test('no password and no key is written anywhere', async () => {
  const url = await brokerUser()
  const WEBHOOK_SECRETS = `github:github:${webhookSecret}`
  const keys = { API_KEYS: `shop:${keyHash}`, WEBHOOK_SECRETS }
  const env = { NAMESPACE: 'secrets', LOG_LEVEL: 'trace', ...keys, ...(await storeSettings()) }
  const pair = await startPair(url.href, env)
  const messages = `${pair.producer.url}/messages`
  const authorization = `Bearer ${key}`
  const answers: unknown[] = [
    await post(`${messages}/order.placed`, order('A-1'), { authorization }),
    await post(`${messages}/order.placed`, { wrong: true }, { authorization }),
    await post(`${messages}/nobody`, {}, { authorization }),
    await post(`${messages}/order.placed`, order('A-2'), { authorization: `Bearer ${key.slice(1)}` }),
    await post(`${messages}/order.placed`, order('A-2'), { authorization: `Basic ${key}` }),
  ]
  const webhooks = `${pair.producer.url}/webhooks/github`
  for (const secret of [webhookSecret, webhookSecret.slice(1)])
    answers.push(await post(webhooks, {}, githubHeaders(secret, '{}')))
  await eventually('it is handled', async () => (await pair.rows('select 1 from mails')).length === 1)
  // A connection is listed up to a second after it is open: those of the consumer may be missing at first.
  await eventually('the loss is logged', async () => {
    await broker.management.closeConnections()
    return pair.consumer.logs.some(({ msg }) => msg === 'no connection to the broker')
  })
  for (const service of [pair.producer, pair.consumer])
    for (const path of ['metrics', 'readyz', 'livez'])
      answers.push(await (await fetch(`${service.url}/${path}`)).text())
  url.password = `${brokerPassword}-wrong`
  const refused = await startService('consumer', { BROKER_URL: url.href }, { until: 'spawned' })
  await eventually('the refusal is logged', () => refused.logs.some(({ msg }) => msg === 'no connection to the broker'))
  const doubled = { BROKER_URL: url.href, WEBHOOK_SECRETS: `${WEBHOOK_SECRETS},github:stripe:${webhookSecret}` }
  const confused = await startService('producer', doubled, { until: 'spawned' })
  await confused.exited
  const misspelt = await startService(
    'consumer',
    { BROKER_URL: url.href.replace('amqp:', 'http:') },
    { until: 'spawned' },
  )
  await misspelt.exited
  const written = JSON.stringify([
    answers,
    pair.producer.logs,
    pair.consumer.logs,
    refused.logs,
    confused.logs,
    misspelt.logs,
  ])
  for (const secret of [brokerPassword, storePassword, key.slice(1), keyHash, webhookSecret.slice(1)])
    expect(written).not.toContain(secret)
})
