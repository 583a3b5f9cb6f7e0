/** Any change of one byte, of the body or of what is signed beside it, is refused by every scheme. */
import type { IncomingHttpHeaders } from 'node:http'
import fc from 'fast-check'
import { schemes, type SchemeName } from '../../../../services/producer/webhooks/schemes'
import { parseWebhookSecrets } from '../../../../services/producer/webhooks/secrets'
import { githubHeaders, standardHeaders, stripeHeaders } from './signing'

const at = 1_700_000_000
const plain = 'a secret of some bytes'.replaceAll(' ', '-')
const standard = `whsec_${Buffer.from(plain).toString('base64')}`
const providers = parseWebhookSecrets(`a:github:${plain},b:stripe:${plain},c:standard:${standard}`)

const signedBy: Record<SchemeName, (body: Buffer) => Record<string, string>> = {
  github: (body) => githubHeaders(plain, body),
  stripe: (body) => stripeHeaders(plain, body, at),
  standard: (body) => standardHeaders(standard, body, at),
}

const proofs: Record<SchemeName, readonly string[]> = {
  github: ['x-hub-signature-256'],
  stripe: ['stripe-signature'],
  standard: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
}

// The key __proto__ is refused in every body, signed or not.
const bodies = fc
  .json()
  .filter((payload) => !payload.includes('__proto__'))
  .map((payload) => Buffer.from(`{"id":"evt_1","type":"a.b","data":${payload}}`))
const places = fc.nat({ max: 10_000 })

describe.each(providers)('$name:$scheme', ({ scheme, secrets }) => {
  const verify = (headers: IncomingHttpHeaders, body: Buffer) =>
    schemes[scheme]({ headers, body, secrets, nowMs: at * 1_000 }).kind

  test('of the body', () => {
    fc.assert(
      fc.property(bodies, places, fc.integer({ min: 1, max: 255 }), (body, place, flip) => {
        const headers = signedBy[scheme](body)
        expect(verify(headers, body)).toBe('delivered')
        const changed = Buffer.from(body)
        const index = place % body.length
        changed[index] = (changed[index] ?? 0) ^ flip
        expect(verify(headers, changed)).toBe('refused')
      }),
    )
  })

  test.each(proofs[scheme])('of %s', (name) => {
    // What a header may hold, without spaces at its ends, which HTTP takes off.
    const characters = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code))
    fc.assert(
      fc.property(bodies, places, characters, (body, place, character) => {
        const headers = signedBy[scheme](body)
        const value = headers[name] ?? ''
        const index = place % value.length
        const changed = (value.slice(0, index) + character + value.slice(index + 1)).trim()
        fc.pre(changed !== value)
        expect(verify({ ...headers, [name]: changed }, body)).toBe('refused')
      }),
    )
  })
})
