import { difference } from '../../docs/compare'

const id = '01a20750-e58d-7ecf-a182-f453ea80bd17'
const other = 'ceeb1433-67aa-8f7f-84b6-d750832bc2a0'

test('ids and times may differ, and dots stand for anything', () => {
  expect(difference('json', `{"id":"${id}","detail":"by ${id}"}`, `{"id":"${other}","detail":"by ${other}"}`)).toBe(
    undefined,
  )
  expect(difference('json', '{"a":"…","b":[1]}', '{"a":"x","b":[1]}')).toBe(undefined)
  expect(difference('text', "at: '2026-11-23T07:32:36.778Z'", "at: '2027-01-01T00:00:00.000Z'")).toBe(undefined)
  expect(difference('text', 'first\nlast …', 'before\nfirst\nbetween\nlast of all')).toBe(undefined)
})

test.each([
  ['json', '{"a":1}', '{"a":2}', '/a is 2, not 1'],
  ['json', '{"a":1}', '{"a":1,"b":2}', '/b is 2, not undefined'],
  ['json', '{"a":{"b":"x"}}', '{"a":{"b":"y"}}', '/a/b is "y", not "x"'],
  ['json', '{"a":"x."}', '{"a":"xy"}', '/a is "xy", not "x."'],
  ['json', '{}', 'no JSON', 'in no JSON'],
  ['text', 'last\nfirst', 'first\nlast', 'no line like "first"'],
])('%s: %s is not %s', (language, shown, output, sentence) => {
  expect(difference(language, shown, output)).toContain(sentence)
})
