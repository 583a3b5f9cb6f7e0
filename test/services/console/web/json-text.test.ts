/** JSON as text, in which no digit is lost. */
import { differences, lineOf, placesIn, prettyJson } from '../../../../services/console/web/data/json-text'

const places = (text: string) => placesIn(text) ?? new Map<string, never>()

test('pretty is what JSON.stringify would write, but for the digits of numbers', () => {
  for (const value of [{}, [], [[]], { a: {}, b: [1, { c: 'x,{"y":[' }] }, 'a "quoted" \\ text', 0, null, [{}, {}]])
    expect(prettyJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2))
  expect(prettyJson(' {"id" :9007199254740993,\r\n"x":1.10} ')).toBe('{\n  "id": 9007199254740993,\n  "x": 1.10\n}')
  expect(prettyJson('{"a":')).toBeUndefined()
})

test('tells on which line a value stands, and what is missing by what it is missing in', () => {
  const text = '{\n  "a/b": 1,\n  "list": [\n    {"x": true}, [],\n    "two"\n  ],\n  "~": {}\n}'
  const found = places(text)
  const lines = ['', '/a~1b', '/list', '/list/0', '/list/0/x', '/list/1', '/list/2', '/~0']
  expect(lines.map((pointer) => lineOf(found, pointer))).toEqual([1, 2, 3, 4, 4, 4, 5, 7])
  expect(lineOf(found, '/list/0/gone/deeper')).toBe(4)
  expect(lineOf(found, '/gone')).toBe(1)
  expect(found.get('/list')?.raw).toBeUndefined()
  expect([found.get('/list/1')?.raw, found.get('/~0')?.raw, found.get('/a~1b')?.raw]).toEqual(['[]', '{}', '1'])
})

test('tells what differs, place by place and as it is written', () => {
  expect(
    differences('{"id":9007199254740993,"b":[1,2],"c":{}}', '{"id":9007199254740992, "b":[1],"c":{"d":null}}'),
  ).toEqual([
    { pointer: '/id', before: '9007199254740993', after: '9007199254740992' },
    { pointer: '/b/1', before: '2', after: undefined },
    { pointer: '/c', before: '{}', after: undefined },
    { pointer: '/c/d', before: undefined, after: 'null' },
  ])
  expect(differences('{"a":1}', '{ "a" : 1 }')).toEqual([])
  expect(differences('nonsense', '{}')).toBeUndefined()
})
