import { readRedaction, redact } from '../../../shared/journal/redaction'
import { usuallyRedacted } from '../../../shared/runtime/journal-settings'

const mark = '[redacted]'

test('a name alone is meant at any depth, in whatever case, with hyphens, underscores or without', () => {
  const data = {
    password: 'x',
    user: { API_KEY: 'y', name: 'Ada', keys: [{ 'api-key': { of: 'z' } }] },
    apiKeys: 2,
  }
  expect(redact(data, readRedaction(['password', 'apiKey']))).toEqual({
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
  expect(redact(data, readRedaction(usuallyRedacted)).value).toBe(data)
  for (const plain of ['password', 7, null, true])
    expect(redact(plain, readRedaction(usuallyRedacted)).value).toBe(plain)
})

test('"none" stands for nothing at all', () => {
  const data = { password: 'x', none: 1 }
  expect(redact(data, readRedaction(['none'])).pointers).toEqual([])
  expect(redact(data, readRedaction(usuallyRedacted)).pointers).toEqual(['/password'])
})
