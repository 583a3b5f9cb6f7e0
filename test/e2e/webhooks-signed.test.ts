/** Signed webhooks through the built pair: each is handled once although it comes twice, an unsigned one not at all. */
import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { webhookExamples, type WebhookExample } from '../../scripts/webhooks/examples'
import { githubHeaders, standardHeaders, stripeHeaders } from '../services/producer/webhooks/signing'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { expectNothingLeft } from './effects'
import { startPair, type Pair } from './pair'

const broker = useBroker()
const key = 'the-key-of-ada'
const secret = 'a-secret-of-github'
const whsec = `whsec_${Buffer.from('a-secret-of-standard-webhooks').toString('base64')}`
const WEBHOOK_SECRETS = `github:github:${secret},pay:stripe:${secret},shop:standard:${whsec}`

/** Real bodies of GitHub, each a different one. */
function examples(run: string): readonly WebhookExample[] {
  const byBody = Map.groupBy(webhookExamples(run), ({ payload }) => JSON.stringify(payload))
  return [...byBody.values()].flatMap(([first]) => first ?? []).filter((_, index) => index % 10 === 0)
}

async function post(pair: Pair, path: string, body: string, headers: Record<string, string>) {
  const answer = await fetch(`${pair.producer.url}/webhooks/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

function postGithub(pair: Pair, { event, payload }: WebhookExample, deliveryId: string) {
  const body = JSON.stringify(payload)
  return post(pair, 'github', body, githubHeaders(secret, body, event, deliveryId))
}

const processed = async (pair: Pair, verdict: string): Promise<number> => {
  const metrics = await (await fetch(`${pair.consumer.url}/metrics`)).text()
  const line = new RegExp(
    `^handoff_processed_total\\{group="webhooks",type="webhook.received",verdict="${verdict}"\\} (\\d+)`,
    'm',
  )
  return Number(line.exec(metrics)?.[1] ?? 0)
}

const rowsOf = (pair: Pair) =>
  pair.rows('select provider, event, delivery_id, payload, message_id from webhooks order by delivery_id')

test('webhooks of GitHub that come twice are handled once', async () => {
  const pair = await startPair(broker.url, { NAMESPACE: 'signed', WEBHOOK_SECRETS })
  const sent = examples('signed')
  expect(sent.length).toBeGreaterThan(30)
  const first = await Promise.all(sent.map((example) => postGithub(pair, example, example.deliveryId)))
  expect(new Set(first.map(({ status, body }) => `${status} ${String(body['outcome'])}`))).toEqual(
    new Set(['202 confirmed']),
  )
  await eventually('all are handled', async () => (await processed(pair, 'ack')) === sent.length)
  const again = await Promise.all(sent.map((example) => postGithub(pair, example, example.deliveryId)))
  expect(again.map(({ body }) => body['id'])).toEqual(first.map(({ body }) => body['id']))
  await eventually('the repeats are known', async () => (await processed(pair, 'duplicate')) === sent.length)
  const expected = sent.map(({ event, deliveryId, payload }, index) => ({
    provider: 'github',
    event,
    delivery_id: deliveryId,
    payload: JSON.stringify(payload),
    message_id: first[index]?.body['id'],
  }))
  const byId = (one: { delivery_id: string }, other: { delivery_id: string }) =>
    one.delivery_id < other.delivery_id ? -1 : 1
  expect(await rowsOf(pair)).toEqual([...expected].sort(byId))
  const { links } = first[0]?.body as { links: { self: string } }
  await eventually('its link tells that it was handled', async () => {
    const status = (await (await fetch(`${pair.producer.url}${links.self}`)).json()) as Record<string, unknown>
    return status['state'] === 'processed' && status['source'] === '/signed/webhooks/github'
  })
})

test('what is not signed leaves no message, and what is needs no key', async () => {
  const env = {
    NAMESPACE: 'unsigned',
    WEBHOOK_SECRETS,
    API_KEYS: `ada:${createHash('sha256').update(key).digest('hex')}`,
  }
  const pair = await startPair(broker.url, env)
  const body = '{"id":"evt_1","type":"charge.succeeded","amount":9007199254740993}'
  const seconds = Math.floor(Date.now() / 1_000)
  const refused = [
    await post(pair, 'github', body, { 'x-github-event': 'push', 'x-github-delivery': 'd-1' }),
    await post(pair, 'github', body, githubHeaders('another-secret-of-it', body)),
    await post(pair, 'pay', body.replace('evt_1', 'evt_2'), stripeHeaders(secret, body, seconds)),
    await post(pair, 'shop', body, standardHeaders(whsec, body, seconds - 400)),
    await post(pair, 'shop', body, standardHeaders(whsec, body, seconds + 400)),
    await withTwoSignatures(pair, body),
  ]
  expect(refused.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 401])
  const accepted = [
    await post(pair, 'pay', body, stripeHeaders(secret, body, seconds)),
    await post(pair, 'shop', body, standardHeaders(whsec, body, seconds)),
  ]
  expect(accepted.map(({ status }) => status)).toEqual([202, 202])
  await eventually('both are handled', async () => (await processed(pair, 'ack')) === 2)
  expect((await rowsOf(pair)).map(({ provider, delivery_id }) => [provider, delivery_id])).toEqual([
    ['pay', 'evt_1'],
    ['shop', 'msg_1'],
  ])
  const metrics = await fetch(`${pair.producer.url}/metrics`, { headers: { authorization: `Bearer ${key}` } })
  const counted = (await metrics.text()).split('\n').filter((line) => /^handoff_(published|webhooks)/.test(line))
  expect(counted.sort()).toEqual([
    'handoff_published_total{type="webhook.received",outcome="confirmed"} 2',
    'handoff_webhooks_refused_total{provider="github"} 2',
    'handoff_webhooks_refused_total{provider="pay"} 2',
    'handoff_webhooks_refused_total{provider="shop"} 2',
  ])
  await expectNothingLeft(broker.management, pair)
})

/** By hand: fetch would send both values in one header. */
function withTwoSignatures(pair: Pair, body: string): Promise<{ status: number }> {
  const { 'stripe-signature': signature } = stripeHeaders(secret, body, Math.floor(Date.now() / 1_000))
  return new Promise((resolve, reject) => {
    const sent = request(
      `${pair.producer.url}/webhooks/pay`,
      { method: 'POST', headers: { 'content-type': 'application/json', 'stripe-signature': [signature, signature] } },
      (answer) => {
        answer.resume()
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0 }))
      },
    )
    sent.once('error', reject)
    sent.end(body)
  })
}
