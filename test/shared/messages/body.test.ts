import fc from 'fast-check'
import { decodeBody, isJson, mediaTypeOf, parseJson } from '../../../shared/messages/body'
import { hello, orderPlaced } from './example-types'

const data = (value: unknown) => ({ kind: 'data', data: value })
const unreadable = (detail: RegExp) => ({ kind: 'unreadable', detail: expect.stringMatching(detail) as string })

test('any JSON value comes through unchanged', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      const text = JSON.stringify(value)
      expect(parseJson(Buffer.from(text))).toEqual(
        text.includes('"__proto__":') ? unreadable(/__proto__/) : data(JSON.parse(text)),
      )
    }),
  )
})

test.each([
  ['application/json', '"Hello"', data('Hello')],
  ['Application/JSON; charset=utf-8', '"Hello"', data('Hello')],
  ['application/vnd.a+json', '"Hello"', data('Hello')],
  ['text/plain', 'Hello', data('Hello')],
  ['text/plain', '"Hello"', data('"Hello"')],
  [undefined, '"Hello"', data('Hello')],
  [undefined, 'Hello', data('Hello')],
  ['', 'Hello', data('Hello')],
  [
    'application/octet-stream',
    'Hello',
    unreadable(/content type "application\/octet-stream" cannot carry "hello"; use text\/plain or/),
  ],
])('content type %j and body %j as text data', (contentType, body, expected) => {
  expect(decodeBody(Buffer.from(body), contentType, hello)).toEqual(expected)
})

test.each([
  ['application/json', '{"a":1}', data({ a: 1 })],
  [undefined, '{"a":1}', data({ a: 1 })],
  [undefined, 'nonsense', unreadable(/^the body is not JSON/)],
  ['text/plain', '{"a":1}', unreadable(/use application\/json$/)],
  ['application/json', '', unreadable(/empty, which is not JSON/)],
  ['application/json', '\ufeff{}', unreadable(/not JSON: it begins with a byte order mark/)],
])('content type %j and body %j as JSON data', (contentType, body, expected) => {
  expect(decodeBody(Buffer.from(body), contentType, orderPlaced)).toEqual(expected)
})

test('invalid UTF-8 is refused, as JSON and as text', () => {
  const bytes = Buffer.from([0x22, 0xc3, 0x28, 0x22])
  expect(decodeBody(bytes, 'application/json', orderPlaced)).toEqual(unreadable(/not valid UTF-8/))
  expect(decodeBody(bytes, 'text/plain', hello)).toEqual(unreadable(/not valid UTF-8/))
})

test('nesting is allowed to 64 levels and refused beyond, also a hundred thousand levels deep', () => {
  const nested = (levels: number) => Buffer.from('['.repeat(levels) + ']'.repeat(levels))
  expect(parseJson(nested(64))).toMatchObject({ kind: 'data' })
  expect(parseJson(nested(65))).toEqual(unreadable(/deeper than 64/))
  expect(parseJson(nested(100_000))).toEqual(unreadable(/deeper than 64/))
})

test('brackets inside strings are no nesting', () => {
  const text = JSON.stringify(['['.repeat(500), '\\"['.repeat(100)])
  expect(parseJson(Buffer.from(text))).toEqual(data(JSON.parse(text)))
})

test.each(['{"__proto__":{"x":1}}', '{"a":[{"\\u005f_proto__":1}]}'])(
  'a key that would reach the prototype is refused: %s',
  (text) => {
    expect(parseJson(Buffer.from(text))).toEqual(unreadable(/the key "__proto__" is not allowed/))
  },
)

test('why a body is not JSON never repeats the body', () => {
  const result = parseJson(Buffer.from('{"password":"hunter2"'))
  expect(JSON.stringify(result)).not.toContain('hunter2')
  expect(parseJson(Buffer.from('hunter2'))).toEqual({ kind: 'unreadable', detail: 'the body is not JSON' })
})

test('a media type is read without its parameters', () => {
  expect(mediaTypeOf(' Text/PLAIN ; charset=x')).toBe('text/plain')
  expect(mediaTypeOf(undefined)).toBeUndefined()
  expect(isJson('application/problem+json')).toBe(true)
  expect(isJson('application/jsonp')).toBe(false)
})
