import { verifyGithub } from '../../../../services/producer/webhooks/github'
import { githubHeaders } from './signing'

const secret = "It's a Secret to Everybody"
const body = Buffer.from('Hello, World!')
const signed = githubHeaders(secret, body)
const verify = (headers: Record<string, string | undefined>, secrets = [secret], bytes = body) =>
  verifyGithub({ headers, body: bytes, secrets: secrets.map((text) => Buffer.from(text)), nowMs: 0 })
const kindOf = (...given: Parameters<typeof verify>) => verify(...given).kind

test('takes the example of GitHub’s documents', () => {
  const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'
  expect(verify({ ...signed, 'x-hub-signature-256': signature })).toEqual({
    kind: 'delivered',
    event: 'push',
    deliveryId: 'd-1',
    messageKey: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  })
})

test('every secret of a rotation is taken, and no other', () => {
  expect(kindOf(signed, ['another secret', secret])).toBe('delivered')
  expect(kindOf(signed, [secret, 'another secret'])).toBe('delivered')
  expect(kindOf(signed, ['another secret', 'a third secret'])).toBe('refused')
  expect(kindOf(signed, [])).toBe('refused')
})

test('the key is of delivery and body: whichever secret signs, and whatever the event is called, changes nothing', () => {
  const other = 'another secret'
  const keys = [signed, githubHeaders(secret, body, 'ping'), githubHeaders(other, body)].map((headers) => {
    const verdict = verify(headers, [secret, other])
    return verdict.kind === 'delivered' ? verdict.messageKey : verdict.kind
  })
  expect(keys).toEqual([keys[0], keys[0], keys[0]])
  expect(verify(githubHeaders(secret, body, 'push', 'd-2'))).not.toMatchObject({ messageKey: keys[0] })
  expect(verify(githubHeaders(secret, 'Hello'), [secret], Buffer.from('Hello'))).not.toMatchObject({
    messageKey: keys[0],
  })
})

const own = signed['x-hub-signature-256']

test.each([
  ['missing', undefined],
  ['empty', ''],
  ['without its algorithm', own.slice('sha256='.length)],
  ['of SHA-1', own.replace('sha256', 'sha1')],
  ['cut off', own.slice(0, -1)],
  ['longer', `${own}0`],
  ['in capitals', own.toUpperCase().replace('SHA256', 'sha256')],
  ['there twice', `${own}, ${own}`],
])('a signature that is %s is refused, in the same words as a wrong one', (_, signature) => {
  const wrong = verify(signed, ['another secret'])
  const refused = verify({ ...signed, 'x-hub-signature-256': signature })
  expect(refused).toMatchObject({ kind: 'refused', detail: wrong.kind === 'refused' ? wrong.detail : '' })
})

test.each(['x-github-event', 'x-github-delivery'])('%s is asked for, once', (name) => {
  expect(kindOf({ ...signed, [name]: undefined })).toBe('incomplete')
  expect(kindOf({ ...signed, [name]: 'one, two' })).toBe('incomplete')
})
