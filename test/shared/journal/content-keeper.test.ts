import { contentOf, contentText, type Content } from '../../../shared/journal/content'
import { contentKeeper } from '../../../shared/journal/content-keeper'
import { entryOf, entryText } from '../../../shared/journal/entry'
import type { Envelope } from '../../../shared/messaging/transport'

function envelopeOf(data: string | Buffer, change: Partial<Envelope> = {}): Envelope {
  return {
    id: 'A-1',
    source: '/shop',
    type: 'order.placed',
    time: '2026-01-31T12:00:00Z',
    contentType: 'application/json',
    data: Buffer.from(data),
    extensions: { tenant: 'acme' },
    ...change,
  }
}

function kept(envelope: Envelope, settings: { bytes?: number; redacted?: readonly string[] } = {}): Content {
  const { bytes = 1_000, redacted } = settings
  const keeper = contentKeeper({ JOURNAL_DATA_BYTES: bytes, ...(redacted && { JOURNAL_REDACT: redacted }) })
  return keeper?.(envelope) as Content
}

test('keeps nothing at all by default', () => {
  expect(contentKeeper({ JOURNAL_DATA_BYTES: 0 })).toBeUndefined()
})

test('keeps JSON with its long numbers and without its spaces, and the attributes', () => {
  const text = '{ "amount": 12345678901234567890 }'
  expect(kept(envelopeOf(text))).toEqual({
    id: 'A-1',
    source: '/shop',
    type: 'order.placed',
    time: '2026-01-31T12:00:00Z',
    contentType: 'application/json',
    attributes: { tenant: 'acme' },
    bytes: text.length,
    data: { kind: 'kept', text: '{"amount":12345678901234567890}', redacted: [] },
  })
})

test('nothing hides behind a key that stands there twice, or in a text that is JSON', () => {
  const twice = kept(envelopeOf('{"payload":{"password":"canary"},"payload":{"a":1.0}}'))
  expect(twice.data).toEqual({ kind: 'kept', text: '{"payload":{"a":1}}', redacted: [] })
  const text = kept(envelopeOf(' {"password":"canary"}', { contentType: 'text/plain' }))
  expect(text.data).toEqual({ kind: 'kept', text: '{"password":"[redacted]"}', redacted: ['/password'] })
})

test('what is to be redacted never gets in, neither of data nor of attributes', () => {
  const text = '{"card":{"number":"4242424242424242"},"password":"hunter2","orderId":"A"}'
  const content = kept(envelopeOf(text, { extensions: { token: 'canary', tenant: 'acme' } }), {
    redacted: ['card.number', 'password', 'token'],
  })
  expect(contentText(content)).not.toMatch(/4242|hunter2|canary/)
  expect(content.data).toEqual({
    kind: 'kept',
    text: '{"card":{"number":"[redacted]"},"password":"[redacted]","orderId":"A"}',
    redacted: ['/card/number', '/password'],
  })
  expect(content.attributes).toEqual({ token: '[redacted]', tenant: 'acme' })
})

test.each([
  ['too large', envelopeOf(JSON.stringify('x'.repeat(1_000))), /more than the 1000 bytes of JOURNAL_DATA_BYTES/],
  ['no JSON', envelopeOf('{"password":'), /not JSON/],
  ['no UTF-8', envelopeOf(Buffer.from([0x22, 0xff, 0x22])), /not valid UTF-8/],
  ['bytes', envelopeOf('x', { contentType: 'application/octet-stream' }), /neither JSON nor text/],
  ['text that is none', envelopeOf(Buffer.from([0xff]), { contentType: 'text/plain' }), /not valid UTF-8/],
])('%s is left out, and why is said without a word of it', (_, envelope, because) => {
  const { data, bytes } = kept(envelope)
  expect(data).toEqual({ kind: 'left out', because: expect.stringMatching(because) as string })
  expect(bytes).toBe(envelope.data.length)
})

test('a text is kept as it is, and what says nothing of itself if it is JSON', () => {
  expect(kept(envelopeOf('Hello!', { contentType: 'text/plain; charset=utf-8' })).data).toMatchObject({
    text: 'Hello!',
  })
  expect(kept(envelopeOf('[1]', { contentType: undefined, time: undefined })).data).toMatchObject({ text: '[1]' })
})

test('travels in an entry beside the steps, and comes out of it as it went in', () => {
  const content = kept(envelopeOf('{"a":1}'))
  const entry = entryOf(entryText('w', 1, [], [contentText(content)]))
  expect(entry).toEqual({ writer: 'w', number: 1, told: [], contents: [content] })
  expect(entryOf(entryText('w', 1, []))?.contents).toEqual([])
})

test.each([
  undefined,
  null,
  'text',
  [],
  {},
  { id: 'a', source: '/s', type: 't' },
  { id: 'a', source: '/s', type: 't', data: { kind: 'kept', text: 7 } },
  { id: 7, source: '/s', type: 't', data: { kind: 'kept', text: 'x' } },
])('what somebody else has put there is none: %j', (raw) => {
  expect(contentOf(raw)).toBeUndefined()
})

test('of what is half right the right half is taken', () => {
  const raw = {
    ...{ id: 'a', source: '/s', type: 't', time: 7, attributes: { good: 'x', bad: 7 }, bytes: 'many' },
    data: { kind: 'kept', text: 'x', redacted: ['/a', 7] },
  }
  expect(contentOf(raw)).toEqual({
    ...{ id: 'a', source: '/s', type: 't', attributes: { good: 'x' }, bytes: 0 },
    data: { kind: 'kept', text: 'x', redacted: ['/a'] },
  })
})
