import { canonicalJson } from '../../../services/producer/canonical-json'
import { readProducerConfig } from '../../../services/producer/config'
import { keyedMessageId, newMessageId } from '../../../services/producer/message-id'
import { SettingsError } from '../../../shared/runtime/settings-error'

describe('message ids', () => {
  test('a new id is a UUIDv7 that begins with its time', () => {
    const id = newMessageId(0x0123_4567_89ab, 'f'.repeat(20))
    expect(id).toBe('01234567-89ab-7fff-bfff-ffffffffffff')
    expect(newMessageId(1) < newMessageId(2)).toBe(true)
    expect(newMessageId(1)).not.toBe(newMessageId(1))
  })

  test('a keyed id is one UUIDv8 for one scope and key', () => {
    const id = keyedMessageId('ada', 'k')
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(keyedMessageId('ada', 'k')).toBe(id)
    const others = [
      keyedMessageId('bob', 'k'),
      keyedMessageId('ada', 'l'),
      keyedMessageId('', '3:adak'),
      keyedMessageId('adak', ''),
    ]
    expect(new Set([id, ...others]).size).toBe(5)
  })
})

describe('canonical JSON', () => {
  test.each([
    ['{"b": 1, "a": [{"d": null, "c": "\\u00e4"}]}', '{"a":[{"c":"ä","d":null}],"b":1}'],
    ['"text"', '"text"'],
    ['[3,1,2, true,false]', '[3,1,2,true,false]'],
    ['{"a":[],"b":{}}', '{"a":[],"b":{}}'],
    ['{"a":"1"}', '{"a":"1"}'],
  ])('of %s', (json, text) => {
    expect(canonicalJson(json)).toBe(text)
  })

  test.each([
    ['1e2', '100', '100.0', '1000E-1', '0.01e+4'],
    ['-1.5', '-1.50', '-15e-1', '-0.0150e2'],
    ['0', '-0', '0.000', '0e9'],
    ['9007199254740993', '9007199254740993.0', '9007199254740.993e3'],
    ['1e400', '10e399'],
  ])('is the same for all ways to write %s', (...ways) => {
    expect(new Set(ways.map((way) => canonicalJson(`[${way}]`))).size).toBe(1)
  })

  test.each([
    ['9007199254740992', '9007199254740993'],
    ['0.1', '0.1000000000000000055'],
    ['1e400', '1e401'],
    ['1e-400', '0'],
    ['1e99999999999999999998', '1e99999999999999999999'],
    ['1', '-1'],
    ['10', '1'],
    ['1', '"1"'],
    ['["a","b"]', '["a,b"]'],
    ['"[]"', '[]'],
    ['null', '"null"'],
  ])('tells %s from %s', (one, other) => {
    expect(canonicalJson(one)).not.toBe(canonicalJson(other))
  })

  test('of a number as long as a body is made in time', () => {
    const startedAt = performance.now()
    canonicalJson(`1${'0'.repeat(1_000_000)}1`)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })
})

describe('the door stands open to others only when someone said so', () => {
  const keys = `me:${'a'.repeat(64)}`
  test.each([{ HOST: '127.0.0.1' }, { HOST: '127.8.8.8' }, { HOST: '::1' }, { HOST: 'localhost' }])(
    '%j may be anonymous',
    (environment) => {
      expect(readProducerConfig({ environment }).HOST).toBe(environment.HOST)
    },
  )

  test.each(['0.0.0.0', '::', '10.0.0.1', 'example.org', '128.0.0.1'])(
    'HOST=%s needs keys or ALLOW_ANONYMOUS',
    (HOST) => {
      expect(() => readProducerConfig({ environment: { HOST } })).toThrow(SettingsError)
      expect(() => readProducerConfig({ environment: { HOST } })).toThrow(/API_KEYS=me:.*ALLOW_ANONYMOUS=true/)
      expect(readProducerConfig({ environment: { HOST, API_KEYS: keys } }).HOST).toBe(HOST)
      expect(readProducerConfig({ environment: { HOST, ALLOW_ANONYMOUS: 'true' } }).HOST).toBe(HOST)
    },
  )
})
