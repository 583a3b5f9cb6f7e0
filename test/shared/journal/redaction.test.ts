import { readRedaction, redact } from '../../../shared/journal/redaction'
import { parseExactly } from '../../../shared/runtime/exact-json'
import { usuallyRedacted } from '../../../shared/runtime/journal-settings'

const mark = '[redacted]'

test('a name alone is meant at any depth, in whatever case, with hyphens, underscores or without', () => {
  const data = {
    password: 'x',
    user: { API_KEY: 'y', name: 'Ada', keys: [{ 'api-key': { of: 'z' } }] },
    apiKeys: 2,
  }
  expect(redact(data, readRedaction(['none', 'password', 'apiKey']))).toEqual({
    value: { password: mark, user: { API_KEY: mark, name: 'Ada', keys: [{ 'api-key': mark }] }, apiKeys: 2 },
    pointers: ['/password', '/user/API_KEY', '/user/keys/0/api-key'],
  })
})

test('a path is meant from the top, and a star in it for any one', () => {
  const items = [
    { price: 1, sku: 'a' },
    { price: 2, sku: 'b' },
  ]
  const data = { card: { number: '4242', 'a/b~c': 1 }, items, other: { card: { number: 7 } } }
  expect(redact(data, readRedaction(['card.number', 'items.*.price', 'card.a/b~c']))).toEqual({
    value: {
      card: { number: mark, 'a/b~c': mark },
      items: [
        { price: mark, sku: 'a' },
        { price: mark, sku: 'b' },
      ],
      other: { card: { number: 7 } },
    },
    pointers: ['/card/number', '/card/a~1b~0c', '/items/0/price', '/items/1/price'],
  })
})

test('data with nothing to redact is the same data, whatever it is', () => {
  const data = { orderId: 'A-1' }
  expect(redact(data, readRedaction()).value).toBe(data)
  for (const plain of ['password', 7, null, true]) expect(redact(plain, readRedaction()).value).toBe(plain)
})

test('a list comes on top of what nobody wants, unless "none" begins it', () => {
  const data = { password: 'x', none: 1, mine: 2 }
  const pointersBy = (list?: readonly string[]) => redact(data, readRedaction(list)).pointers
  expect(pointersBy()).toEqual(['/password'])
  expect(pointersBy(['mine'])).toEqual(['/password', '/mine'])
  expect(pointersBy(['none'])).toEqual([])
  expect(pointersBy(['none', 'mine'])).toEqual(['/mine'])
  for (const name of usuallyRedacted) expect(redact({ [name]: 1 }, readRedaction()).pointers).toEqual([`/${name}`])
})

test('a number with more digits than a double has is no place to look into', () => {
  const data = parseExactly('{"n":12345678901234567890,"token":1.50000000000000000}')
  expect(JSON.stringify(redact(data, readRedaction()).value)).toBe('{"n":12345678901234567890,"token":"[redacted]"}')
})
