import fc from 'fast-check'
import { exactMember, parseExactly } from '../../../shared/runtime/exact-json'

const digits = fc.stringMatching(/^[1-9][0-9]{0,24}$/)
const numbers = fc.oneof(
  digits,
  digits.map((whole) => `-${whole}`),
  fc.tuple(digits, fc.stringMatching(/^[0-9]{0,20}[1-9]$/)).map(([whole, fraction]) => `${whole}.${fraction}`),
)
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    numbers,
    fc.string().map((text) => JSON.stringify(text)),
    fc.uuid().map((text) => JSON.stringify(text)),
    fc.array(tie('json'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
    fc
      .array(fc.tuple(fc.stringMatching(/^[a-z]{1,6}$/), tie('json')), { maxLength: 3 })
      .map((members) => `{${[...new Map(members)].map(([name, value]) => `"${name}":${value}`).join(',')}}`),
  ),
}))

test('keeps every digit of every number, wherever it stands', () => {
  fc.assert(
    fc.property(json, (text) => {
      expect(JSON.stringify(parseExactly(text))).toBe(text)
      const event = `{"id":"a","data":${text}}`
      expect(exactMember(event, JSON.parse(event) as object, 'data')).toBe(text)
    }),
    { numRuns: 2_000 },
  )
})

test.each(['{"n":1E3}', '[ 1e3]', '{"n":\n-2.5e-7}', '1e400', '[0,1e3]'])('a power of ten in %s is kept', (text) => {
  expect(JSON.stringify(parseExactly(text))).toBe(text.replaceAll(/\s/g, ''))
})

test('the digits of a text are no reason to read it twice', () => {
  const read = { data: { id: '5e0b6f2e-12e4-4e5e-8e1e-123456789012', code: '12345678901234567890' } }
  const parse = jest.spyOn(JSON, 'parse')
  try {
    expect(exactMember(JSON.stringify(read), read, 'data')).toBe(JSON.stringify(read.data))
    expect(parse).not.toHaveBeenCalled()
  } finally {
    parse.mockRestore()
  }
})
