import { attributesIn, attributesText } from '../../../../services/console/web/data/attributes-text'
import { draftOf } from '../../../../services/console/web/data/sent-before'
import type { KnownContent } from '../../../../services/console/views/content'

const json = { contentType: 'application/json' } as const

function contentOf(text: string, change: Partial<KnownContent> = {}): KnownContent {
  return {
    state: 'kept',
    contentType: 'application/json',
    attributes: {},
    bytes: 9,
    text,
    redacted: [],
    findings: [],
    ...change,
  }
}

test('a message that is sent again follows from the one before, in the same whole', () => {
  const draft = draftOf({ id: 'A', correlationId: undefined }, contentOf('{"a":1}'), json)
  expect(draft).toEqual({
    text: '{\n  "a": 1\n}',
    headers: {},
    attributes: { correlationid: 'A', causationid: 'A' },
    missing: [],
  })
  const second = draftOf({ id: 'B', correlationId: 'A' }, contentOf('1'), json)
  expect(second?.attributes).toEqual({ correlationid: 'A', causationid: 'B' })
})

test('what it said of itself goes along, what was of that one sending does not', () => {
  const attributes = {
    ...{ tenant: 'acme', partitionkey: 'k', priority: '7', constructor: 'x' },
    ...{ traceparent: '00-1', handoffsentat: '1', correlationid: 'old', causationid: 'older', deliverat: '2026' },
  }
  const draft = draftOf({ id: 'A', correlationId: 'W' }, contentOf('{}', { attributes }), json)
  expect(draft?.headers).toEqual({ 'handoff-key': 'k', 'handoff-priority': '7' })
  expect(draft?.attributes).toEqual({ tenant: 'acme', constructor: 'x', correlationid: 'W', causationid: 'A' })
})

test('no mark of a redaction is sent: its place is left out, and named', () => {
  const text = '{"card":{"number":"[redacted]","name":"Ada"},"a/b":"[redacted]","list":["[redacted]",2]}'
  const redacted = ['/card/number', '/a~1b', '/list/0']
  const draft = draftOf({ id: 'A', correlationId: undefined }, contentOf(text, { redacted }), json)
  expect(JSON.parse(draft?.text ?? '')).toEqual({ card: { name: 'Ada' }, list: [null, 2] })
  expect(draft?.missing).toEqual(redacted)
})

test('a long number stays as it was written, and a text becomes JSON', () => {
  const long = '{"n":12345678901234567890}'
  expect(draftOf({ id: 'A', correlationId: undefined }, contentOf(long), json)?.text).toContain('12345678901234567890')
  const text = contentOf('Hello "you"!', { contentType: 'text/plain' })
  expect(draftOf({ id: 'A', correlationId: undefined }, text, { contentType: 'text/plain' })?.text).toBe(
    '"Hello \\"you\\"!"',
  )
})

test('of what is not there, or no JSON, there is no draft', () => {
  const { text: _, ...leftOut } = contentOf('')
  expect(draftOf({ id: 'A', correlationId: undefined }, { ...leftOut, state: 'left out' }, json)).toBeUndefined()
  expect(draftOf({ id: 'A', correlationId: undefined }, contentOf('nonsense'), json)).toBeUndefined()
})

test('attributes are written one on each line', () => {
  expect(attributesText({ tenant: 'acme', url: 'a=b' })).toBe('tenant=acme\nurl=a=b')
  expect(attributesIn(' tenant = acme \n\nurl=a=b\nempty')).toEqual({ tenant: 'acme', url: 'a=b', empty: '' })
  expect(attributesIn('')).toEqual({})
})
