import { readProducerConfig } from '../../../../services/producer/config'
import { parseWebhookSecrets } from '../../../../services/producer/webhooks/secrets'
import { SettingsError } from '../../../../shared/runtime/settings-error'

const canary = 'canary-of-sixteen-bytes'
const whsec = `whsec_${Buffer.from(canary).toString('base64')}`

test('reads providers in their order, with all of their secrets', () => {
  const text = ` github:github:${canary} ,shop:standard:${whsec}, github:github:an:other:secret:of:ours `
  expect(parseWebhookSecrets(text)).toEqual([
    { name: 'github', scheme: 'github', secrets: [Buffer.from(canary), Buffer.from('an:other:secret:of:ours')] },
    { name: 'shop', scheme: 'standard', secrets: [Buffer.from(canary)] },
  ])
  expect(parseWebhookSecrets(undefined)).toEqual([])
})

test('Stripe’s secret is used as it stands', () => {
  expect(parseWebhookSecrets(`pay:stripe:${whsec}`)[0]?.secrets).toEqual([Buffer.from(whsec)])
})

test.each([
  ['nothing but a secret', canary, /entry 2 of WEBHOOK_SECRETS is not NAME:SCHEME:SECRET/],
  ['no entry', '', /entry 2 .* is not NAME:SCHEME:SECRET/],
  ['a name in capitals', `Shop:github:${canary}`, /entry 2 .* is not NAME:SCHEME:SECRET/],
  ['a name that is too long', `${'a'.repeat(65)}:github:${canary}`, /entry 2 .* is not NAME:SCHEME:SECRET/],
  ['a space in the secret', `shop:github:${canary} ${canary}`, /entry 2 .* is not NAME:SCHEME:SECRET/],
  ['an unknown scheme', `shop:gitlab:${canary}`, /entry 2 .* unknown scheme; use github, stripe, standard/],
  ['a name every object has', `shop:constructor:${canary}`, /entry 2 .* unknown scheme/],
  ['15 bytes', `shop:github:${canary.slice(0, 15)}`, /entry 2 .* fewer than 16 bytes/],
  [
    '15 bytes in base64',
    `shop:standard:whsec_${Buffer.from(canary.slice(0, 15)).toString('base64')}`,
    /entry 2 .* fewer than 16/,
  ],
  ['no whsec_', `shop:standard:${whsec.slice(6)}`, /entry 2 .* whsec_ and base64/],
  ['no base64', `shop:standard:${whsec.slice(0, -1)}`, /entry 2 .* whsec_ and base64/],
  ['another scheme of the same name', `first:stripe:${canary}`, /entry 2 .* another scheme/],
])('%s is refused, and the secret is not shown', (_, entry, expected) => {
  const environment = { WEBHOOK_SECRETS: `first:github:${'x'.repeat(16)},${entry}` }
  const attempt = () => readProducerConfig({ environment })
  expect(attempt).toThrow(SettingsError)
  expect(attempt).toThrow(expected)
  expect(attempt).not.toThrow(/canary|x{16}|Y2FuYXJ5/)
})

test('16 bytes are enough', () => {
  const environment = { WEBHOOK_SECRETS: `shop:github:${canary.slice(0, 16)}` }
  expect(readProducerConfig({ environment }).WEBHOOK_SECRETS).toBe(environment.WEBHOOK_SECRETS)
})
