import { columnJson } from '../../../shared/following/column-json'

const oids = {
  bool: 16,
  int8: 20,
  int4: 23,
  text: 25,
  json: 114,
  float8: 701,
  timestamp: 1114,
  timestamptz: 1184,
  numeric: 1700,
}

test.each([
  ['bool', 't', 'true'],
  ['bool', 'f', 'false'],
  ['int4', '-7', '-7'],
  ['int8', '9007199254740991', '9007199254740991'],
  ['int8', '9007199254740993', '"9007199254740993"'],
  ['float8', '1.5e-07', '1.5e-07'],
  ['float8', 'NaN', '"NaN"'],
  ['float8', '-Infinity', '"-Infinity"'],
  ['numeric', '0.10', '"0.10"'],
  ['json', '{"a": 1e400}', '{"a": 1e400}'],
  ['text', 'it\'s "so"\n', '"it\'s \\"so\\"\\n"'],
  ['timestamptz', '2026-01-02 03:04:05.000001+00', '"2026-01-02T03:04:05.000001Z"'],
  ['timestamp', '2026-01-02 03:04:05', '"2026-01-02T03:04:05"'],
  ['timestamptz', 'infinity', '"infinity"'],
  ['timestamptz', '0044-03-15 12:00:00+00 BC', '"0044-03-15 12:00:00+00 BC"'],
] as const)('%s %s is %s', (type, text, json) => {
  expect(columnJson(text, oids[type])).toBe(json)
})

test('null is null, whatever the type', () => {
  for (const oid of Object.values(oids)) expect(columnJson(null, oid)).toBe('null')
})
