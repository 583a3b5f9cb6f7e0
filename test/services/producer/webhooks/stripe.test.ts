import { verifyStripe } from '../../../../services/producer/webhooks/stripe'
import { stripeHeaders } from './signing'

const secret = 'whsec_test_of_sixteen'
const body = Buffer.from('{"id":"evt_1","type":"charge.succeeded"}')
const at = 1_700_000_000
const signed = stripeHeaders(secret, body, at)['stripe-signature']
const verify = (signature: string | undefined, nowMs = at * 1_000, secrets = [secret], bytes = body) =>
  verifyStripe({
    headers: { 'stripe-signature': signature },
    body: bytes,
    secrets: secrets.map((text) => Buffer.from(text)),
    nowMs,
  })

test('tells what the body tells, and its id is the key', () => {
  expect(verify(signed)).toEqual({
    kind: 'delivered',
    event: 'charge.succeeded',
    deliveryId: 'evt_1',
    messageKey: 'evt_1',
  })
})

test('every secret of a rotation is taken, on either side', () => {
  const hex = (text: string) => text.split('v1=')[1] ?? ''
  const byOther = hex(stripeHeaders('another secret', body, at)['stripe-signature'])
  expect(verify(signed, at * 1_000, ['another secret', secret]).kind).toBe('delivered')
  expect(verify(`t=${at},v1=${byOther},v1=${hex(signed)}`).kind).toBe('delivered')
  expect(verify(`t=${at},v1=${byOther}`).kind).toBe('refused')
})

test.each([
  ['300 seconds later', 300_000, 'delivered'],
  ['a millisecond after that', 300_001, 'the signature is older than 300 seconds'],
  ['300 seconds earlier', -300_000, 'delivered'],
  ['a millisecond before that', -300_001, 'the signature is from the future, by more than 300 seconds'],
])('%s', (_, afterMs, expected) => {
  const verdict = verify(signed, at * 1_000 + afterMs)
  expect(verdict.kind === 'refused' ? verdict.detail : verdict.kind).toBe(expected)
})

test('a wrong signature is told as wrong, however old it says it is', () => {
  const wrong = verify(signed, at * 1_000, ['another secret'])
  expect(verify(signed, at * 9_000, ['another secret'])).toEqual(wrong)
})

test.each([
  ['missing', undefined],
  ['empty', ''],
  ['without a time', signed.replace(/^t=\d+,/, '')],
  ['with another time', signed.replace('t=17', 't=18')],
  ['with a time in words', signed.replace(/t=\d+/, 't=now')],
  ['with two times', `t=${at},${signed}`],
  ['of another version', signed.replace('v1', 'v0')],
  ['in capitals', signed.replace(/v1=.*/, (text) => `v1=${text.slice(3).toUpperCase()}`)],
  ['there twice', `${signed}, ${signed}`],
])('a signature that is %s is refused', (_, signature) => {
  expect(verify(signature).kind).toBe('refused')
})

test.each([
  ['{"type":"charge.succeeded"}', 'incomplete', '/deliveryId'],
  ['{"id":"evt_1","type":7}', 'incomplete', '/event'],
  ['[]', 'incomplete', '/event'],
  ['{"id":', 'unreadable', undefined],
])('%s is signed, and yet no event', (text, kind, pointer) => {
  const bytes = Buffer.from(text)
  const { 'stripe-signature': signature } = stripeHeaders(secret, bytes, at)
  expect(verify(signature, at * 1_000, [secret], bytes)).toMatchObject({
    kind,
    ...(pointer !== undefined && { pointer }),
  })
})
