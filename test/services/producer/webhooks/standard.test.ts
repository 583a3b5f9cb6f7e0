import { verifyStandard } from '../../../../services/producer/webhooks/standard'
import { standardHeaders } from './signing'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const other = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
const body = Buffer.from('{"test": 2432232314}')
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek'
const at = 1_614_265_330
const signed = standardHeaders(secret, body, at, id)
const verify = (headers: Record<string, string | undefined>, nowMs = at * 1_000, secrets = [secret], bytes = body) =>
  verifyStandard({
    headers,
    body: bytes,
    secrets: secrets.map((text) => Buffer.from(text.slice('whsec_'.length), 'base64')),
    nowMs,
  })

test('takes the example of the specification’s libraries', () => {
  const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
  expect(verify({ 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': signature })).toEqual({
    kind: 'delivered',
    event: 'event',
    deliveryId: id,
    messageKey: id,
  })
})

test.each([
  ['{"type":"user.created"}', 'user.created'],
  ['{"type":7}', 'event'],
  ['{"type":""}', 'event'],
  ['[]', 'event'],
])('the event of %s is %s', (text, event) => {
  const bytes = Buffer.from(text)
  expect(verify(standardHeaders(secret, bytes, at), at * 1_000, [secret], bytes)).toMatchObject({ event })
})

test('every secret of a rotation is taken, on either side; other versions are passed over', () => {
  const own = signed['webhook-signature']
  const byOther = standardHeaders(other, body, at, id)['webhook-signature']
  const withSignature = (signature: string) => verify({ ...signed, 'webhook-signature': signature }).kind
  expect(verify(signed, at * 1_000, [other, secret]).kind).toBe('delivered')
  expect(withSignature(`${byOther} ${own}`)).toBe('delivered')
  expect(
    withSignature(
      `v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg== ${own}`,
    ),
  ).toBe('delivered')
  expect(withSignature(byOther)).toBe('refused')
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

const own = signed['webhook-signature']

test.each([
  ['no id', { 'webhook-id': undefined }],
  ['another id', { 'webhook-id': 'msg_2' }],
  ['two ids', { 'webhook-id': `${id}, ${id}` }],
  ['no time', { 'webhook-timestamp': undefined }],
  ['another time', { 'webhook-timestamp': String(at + 1) }],
  ['two times', { 'webhook-timestamp': `${at}, ${at}` }],
  ['no signature', { 'webhook-signature': undefined }],
  ['an empty signature', { 'webhook-signature': '' }],
  ['a signature without version', { 'webhook-signature': own.slice('v1,'.length) }],
  ['a signature of another version', { 'webhook-signature': own.replace('v1', 'v2') }],
  ['a signature that is cut off', { 'webhook-signature': own.slice(0, -1) }],
  ['bits that mean nothing', { 'webhook-signature': own.replace('OE=', 'OF=') }],
  ['two signature headers', { 'webhook-signature': `${own}, ${own}` }],
])('%s is refused', (_, headers) => {
  expect(verify({ ...signed, ...headers }).kind).toBe('refused')
})

test('a signed body that is not JSON is told as such', () => {
  const bytes = Buffer.from('{')
  expect(verify(standardHeaders(secret, bytes, at), at * 1_000, [secret], bytes).kind).toBe('unreadable')
})
