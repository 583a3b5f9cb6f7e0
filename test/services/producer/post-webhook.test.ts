import { createHash } from 'node:crypto'
import { addPostWebhook } from '../../../services/producer/http/post-webhook'
import { parseWebhookSecrets } from '../../../services/producer/webhooks/secrets'
import { createHttpServer } from '../../../shared/runtime/http-server'
import { createLogger } from '../../../shared/runtime/logger'
import { SettingsError } from '../../../shared/runtime/settings-error'
import { webhookExamples } from '../../../scripts/webhooks/examples'
import { atEnd } from '../../support/ends'
import { always, openDoor, type Door, type DoorOptions } from './door'
import { githubHeaders, standardHeaders, stripeHeaders } from './webhooks/signing'

const secret = 'a-secret-of-github'
const whsec = `whsec_${Buffer.from('a-secret-of-standard-webhooks').toString('base64')}`
const WEBHOOK_SECRETS = `github:github:${secret},pay:stripe:${secret},shop:standard:${whsec}`
const open = (options: DoorOptions = {}) => openDoor({ ...options, config: { WEBHOOK_SECRETS, ...options.config } })
const seconds = () => Math.floor(Date.now() / 1_000)

function github(door: Door, body: string | Buffer, headers: Record<string, string> = {}) {
  return door.post('/webhooks/github', body, { headers: { ...githubHeaders(secret, body), ...headers } })
}

const codeOf = (response: Awaited<ReturnType<Door['post']>>) => [
  response.statusCode,
  response.json<{ code?: string }>().code,
]

describe('what is signed is accepted', () => {
  test('GitHub’s own bodies, byte for byte', async () => {
    const door = await open()
    const examples = webhookExamples('run').filter((_, index) => index % 20 === 0)
    for (const { event, deliveryId, payload } of examples) {
      const body = JSON.stringify(payload, undefined, 1)
      const response = await github(door, body, githubHeaders(secret, body, event, deliveryId))
      expect(response.statusCode).toBe(202)
      const { envelope, route } = door.published.at(-1) ?? {}
      expect(response.json()).toEqual({
        id: envelope?.id,
        type: 'webhook.received',
        outcome: 'confirmed',
        links: { self: `/messages/${envelope?.id}?source=%2Ftest%2Fwebhooks%2Fgithub` },
      })
      expect(envelope).toMatchObject({
        type: 'webhook.received',
        source: '/test/webhooks/github',
        contentType: 'application/json',
      })
      expect(route).toEqual({ kind: 'event' })
      const data = envelope?.data.toString()
      expect(data).toContain(body)
      expect(JSON.parse(data ?? '')).toEqual({ provider: 'github', event, deliveryId, payload })
    }
    // Some of the examples have the very same body, and are events of their own all the same.
    const bodies = new Set(examples.map(({ payload }) => JSON.stringify(payload)))
    expect(bodies.size).toBeLessThan(examples.length)
    expect(new Set(door.published.map(({ envelope }) => envelope.id)).size).toBe(examples.length)
  })

  test('Stripe’s and Standard Webhooks', async () => {
    const door = await open()
    const body = '{"id":"evt_1","type":"charge.succeeded"}'
    const pay = await door.post('/webhooks/pay', body, { headers: stripeHeaders(secret, body, seconds()) })
    const shop = await door.post('/webhooks/shop', body, { headers: standardHeaders(whsec, body, seconds()) })
    expect([pay.statusCode, shop.statusCode]).toEqual([202, 202])
    expect(door.published.map(({ envelope }) => JSON.parse(envelope.data.toString()) as unknown)).toEqual([
      { provider: 'pay', event: 'charge.succeeded', deliveryId: 'evt_1', payload: JSON.parse(body) as unknown },
      { provider: 'shop', event: 'charge.succeeded', deliveryId: 'msg_1', payload: JSON.parse(body) as unknown },
    ])
  })

  test('numbers keep digits that a double cannot hold', async () => {
    const door = await open()
    const body = ' { "id" : 9007199254740993, "rate":1e2, "text":"\\u00e4" }\n'
    expect((await github(door, body)).statusCode).toBe(202)
    expect(door.published[0]?.envelope.data.toString()).toBe(
      `{"provider":"github","event":"push","deliveryId":"d-1","payload":${body}}`,
    )
  })

  test('the trace of the request goes with the message', async () => {
    const door = await open()
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
    await github(door, '{}', { traceparent: `00-${traceId}-00f067aa0ba902b7-01` })
    expect(door.published[0]?.envelope.extensions['traceparent']).toContain(traceId)
  })

  test.each([
    ['not_accepted', 'not-accepted'],
    ['unknown', 'outcome-unknown'],
  ] as const)('%s is told with Retry-After, so that the provider repeats', async (outcome, code) => {
    const response = await github(await open({ publish: always(outcome) }), '{}')
    expect(codeOf(response)).toEqual([503, code])
    expect(response.headers['retry-after']).toBe('2')
  })
})

describe('a replay is the same message', () => {
  const idsOf = (door: Door) => new Set(door.published.map(({ envelope }) => envelope.id))

  test('of GitHub by delivery and body, whatever it is called and whichever secret of a rotation signs', async () => {
    const door = await open({ config: { WEBHOOK_SECRETS: `${WEBHOOK_SECRETS},github:github:the-next-secret-of-it` } })
    const body = '{"a":1}'
    await github(door, body)
    await github(door, body, { 'x-github-event': 'ping' })
    await github(door, body, githubHeaders('the-next-secret-of-it', body))
    expect(door.published).toHaveLength(3)
    expect(idsOf(door).size).toBe(1)
    await github(door, '{"a": 1}')
    await github(door, body, { 'x-github-delivery': 'd-2' })
    expect(idsOf(door).size).toBe(3)
  })

  test('of the others by the delivery’s id, for each provider by itself', async () => {
    const door = await open()
    const send = (url: string, body: string, headers: object) => door.post(url, body, { headers: { ...headers } })
    const bodies = ['{"id":"same","type":"a"}', '{"id":"same","type":"b"}']
    for (const body of bodies) {
      await send('/webhooks/pay', body, stripeHeaders(secret, body, seconds()))
      await send('/webhooks/shop', body, standardHeaders(whsec, body, seconds() - 100, 'same'))
    }
    expect(door.published).toHaveLength(4)
    expect(idsOf(door).size).toBe(2)
  })

  test('no key of another caller makes the same id', async () => {
    const door = await open()
    const key = createHash('sha256').update('d-1 {}').digest('hex')
    await github(door, '{}')
    await door.post('/messages/webhook.received', webhookData, { headers: { 'idempotency-key': key } })
    expect(idsOf(door).size).toBe(2)
  })
})

const webhookData = { provider: 'github', event: 'push', deliveryId: 'd-1', payload: {} }

describe('what is not signed leaves no message', () => {
  const body = '{"a":1}'
  const refusals: readonly [string, string, Record<string, string>][] = [
    ['without a signature', body, { 'x-hub-signature-256': '' }],
    ['with another body', '{"a":2}', githubHeaders(secret, body)],
    ['with another secret', body, githubHeaders('another-secret-of-it', body)],
    ['with the secret of another provider’s scheme', body, standardHeaders(whsec, body, seconds())],
  ]

  test.each(refusals)('%s', async (_, sent, headers) => {
    const door = await open()
    const response = await door.post('/webhooks/github', sent, { headers })
    expect(response.json()).toMatchObject({
      status: 401,
      code: 'invalid-signature',
      detail: 'the request bears no valid signature',
    })
    expect(response.headers['www-authenticate']).toBe('Signature')
    expect(door.published).toEqual([])
    expect((await door.app.inject('/metrics')).body).toContain('handoff_webhooks_refused_total{provider="github"} 1')
  })

  test('the log says who and why, and has neither signature nor body nor secret', async () => {
    const door = await open()
    const { 'x-hub-signature-256': signature } = githubHeaders('another-secret-of-it', '{"a":"canary"}')
    await github(door, '{"a":"canary"}', { 'x-hub-signature-256': signature })
    await github(door, '{"a":"canary"}', { 'x-hub-signature-256': 'sha256=canary' })
    expect(door.logged()).toMatchObject([
      { level: 40, msg: 'refused', provider: 'github', why: 'no secret fits the signature', status: 401 },
      { level: 40, msg: 'refused', provider: 'github', why: 'X-Hub-Signature-256 is missing or has another form' },
    ])
    expect(JSON.stringify(door.logged())).not.toMatch(new RegExp(`canary|${signature.slice(7)}|secret-of`))
  })

  test('a header that comes twice', async () => {
    const door = await open()
    const { 'x-hub-signature-256': signature } = githubHeaders(secret, body)
    const response = await door.app.inject({
      method: 'POST',
      url: '/webhooks/github',
      headers: { ...githubHeaders(secret, body), 'x-hub-signature-256': [signature, signature] },
      payload: body,
    })
    expect(codeOf(response)).toEqual([401, 'invalid-signature'])
  })

  test('a signature that is too old, told as such', async () => {
    const door = await open()
    const response = await door.post('/webhooks/shop', body, { headers: standardHeaders(whsec, body, seconds() - 310) })
    expect(codeOf(response)).toEqual([401, 'invalid-signature'])
    expect(response.json()).toMatchObject({ detail: 'the signature is older than 300 seconds' })
    expect(door.published).toEqual([])
  })
})

describe('what is signed, but cannot become a message', () => {
  test.each([
    ['not JSON', 'a=1', {}, 400, 'unreadable-body'],
    ['nothing', '', {}, 400, 'unreadable-body'],
    ['JSON only with what stands around it', '{},"provider":"shop","payload":{}', {}, 400, 'unreadable-body'],
    ['no object', '[1]', {}, 422, 'invalid-data'],
    ['a prototype', '{"__proto__":{}}', {}, 400, 'unreadable-body'],
    ['too deep for a message', `${'{"a":'.repeat(64)}1${'}'.repeat(64)}`, {}, 400, 'unreadable-body'],
    ['no event', '{}', { 'x-github-event': '' }, 422, 'invalid-data'],
    ['a delivery id that is too long', '{}', { 'x-github-delivery': 'd'.repeat(129) }, 422, 'invalid-data'],
    [
      'a form',
      'payload=%7B%7D',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'unsupported-media-type',
    ],
    ['another charset', '{}', { 'content-type': 'application/json; charset=latin1' }, 415, 'unsupported-media-type'],
    ['compressed', '{}', { 'content-encoding': 'gzip' }, 415, 'unsupported-media-type'],
  ])('%s', async (_, body, headers, status, code) => {
    const door = await open()
    const response = await github(door, body, headers)
    expect(codeOf(response)).toEqual([status, code])
    expect(door.published).toEqual([])
    expect((await door.app.inject('/metrics')).body).not.toContain('handoff_webhooks_refused_total{')
  })

  test('too large by itself, or as a message', async () => {
    const whole = '{"provider":"github","event":"push","deliveryId":"d-1","payload":{"a":"xxxxxxxxxx"}}'
    const door = await open({ config: { BODY_LIMIT: whole.length } })
    const withText = (length: number) => github(door, JSON.stringify({ a: 'x'.repeat(length) }))
    expect((await withText(10)).statusCode).toBe(202)
    expect(codeOf(await withText(11))).toEqual([413, 'body-too-large'])
    expect(codeOf(await withText(1_000))).toEqual([413, 'body-too-large'])
    expect(door.published).toHaveLength(1)
  })
})

describe('the door', () => {
  const API_KEYS = `ada:${createHash('sha256').update('one').digest('hex')}`

  test('asks for no key where there is a signature, and for one everywhere else', async () => {
    const door = await open({ config: { API_KEYS } })
    expect((await github(door, '{}')).statusCode).toBe(202)
    expect(codeOf(await door.post('/webhooks/github', '{}'))).toEqual([401, 'invalid-signature'])
    expect(codeOf(await door.post('/webhooks/nobody', '{}'))).toEqual([404, 'not-found'])
    for (const url of ['/messages/webhook.received', '/webhooks', '/webhooks/github/', '/webhooks/github/more'])
      expect([url, ...codeOf(await github(door, '{}').then(() => door.post(url, '{}')))]).toEqual([
        url,
        401,
        'key-required',
      ])
    expect(codeOf(await door.app.inject('/webhooks/github'))).toEqual([401, 'key-required'])
  })

  test('a key is no signature', async () => {
    const door = await open({ config: { API_KEYS } })
    const headers = { authorization: 'Bearer one' }
    expect(codeOf(await door.post('/webhooks/github', '{}', { headers }))).toEqual([401, 'invalid-signature'])
  })

  test('tells of an unknown provider no more than that', async () => {
    const response = await (await open()).post('/webhooks/nobody', '{}')
    expect(response.json()).toMatchObject({
      status: 404,
      code: 'not-found',
      detail: 'no webhooks are taken at /webhooks/nobody',
    })
    expect(response.body).not.toMatch(/github|pay|shop/)
  })

  test('has no such paths without the setting', async () => {
    const door = await openDoor()
    expect(codeOf(await github(door, '{}'))).toEqual([404, 'not-found'])
    const guarded = await openDoor({ config: { API_KEYS } })
    expect(codeOf(await github(guarded, '{}'))).toEqual([401, 'key-required'])
  })

  test.each([{}, { API_KEYS }])('limits the rate of an address, %j', async (config) => {
    const door = await open({ config: { ...config, RATE_LIMIT: 5 } })
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => (index % 2 ? github(door, '{}') : door.post('/webhooks/nobody', '{}'))),
    )
    expect(answers.filter(({ statusCode }) => statusCode === 429)).toHaveLength(5)
    expect((await door.app.inject('/livez')).statusCode).toBe(200)
  })

  test('documents each provider, and no other', async () => {
    const door = await open()
    const { paths } = (await door.app.inject('/openapi.json')).json<{
      paths: Record<string, { post?: { security: unknown; parameters: readonly { name: string }[] } }>
    }>()
    const told = Object.keys(paths).filter((path) => path.startsWith('/webhooks'))
    expect(told).toEqual(['/webhooks/github', '/webhooks/pay', '/webhooks/shop'])
    const { post } = paths['/webhooks/pay'] ?? {}
    expect(post?.security).toEqual([])
    expect(post?.parameters.map(({ name }) => name)).toEqual(['stripe-signature'])
  })

  test('a catalogue without webhook.received stops the start, where there are providers', () => {
    const app = createHttpServer({ logger: createLogger({ service: 'producer', level: 'silent' }), bodyLimit: 10 })
    atEnd(() => app.close())
    const parts = {
      catalogue: [],
      accept: () => Promise.reject(new Error('nothing is accepted here')),
      namespace: 'test',
      source: '/test/producer',
      bodyLimit: 10,
      now: Date.now,
      refused: () => {},
    }
    const adding = (text: string | undefined) => () =>
      addPostWebhook(app, { ...parts, providers: parseWebhookSecrets(text) })
    expect(adding(undefined)).not.toThrow()
    expect(adding(WEBHOOK_SECRETS)).toThrow(SettingsError)
    expect(adding(WEBHOOK_SECRETS)).toThrow(/no message type "webhook.received"/)
  })
})
