import { shapeErrors } from '../../../shared/messages/shape'
import { orderPlaced } from './example-types'

const order = { orderId: 'A', customerEmail: 'a@example.com', amountCents: 1 }

test('what fits has no errors', () => {
  expect(shapeErrors(orderPlaced, order)).toEqual([])
})

test.each([
  [
    { ...order, amountCents: 0 },
    { pointer: '/amountCents', keyword: 'minimum', detail: 'must be >= 1' },
  ],
  [
    { ...order, amountCents: '1' },
    { pointer: '/amountCents', keyword: 'type' },
  ],
  [
    { ...order, customerEmail: 'x' },
    { pointer: '/customerEmail', keyword: 'format' },
  ],
  [
    { ...order, 'a/b~c': 1 },
    { pointer: '/a~1b~0c', keyword: 'additionalProperties', detail: 'is not a known property' },
  ],
  [
    { orderId: 'A', amountCents: 1 },
    { pointer: '/customerEmail', keyword: 'required' },
  ],
  [null, { pointer: '', keyword: 'type' }],
])('%j is told where it is wrong', (data, error) => {
  expect(shapeErrors(orderPlaced, data)).toEqual([expect.objectContaining(error)])
})

test('all errors are told at once, but no more than twenty', () => {
  expect(shapeErrors(orderPlaced, {})).toHaveLength(3)
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`p${index}`, 1]))
  expect(shapeErrors(orderPlaced, { ...order, ...many })).toHaveLength(20)
})

test('nothing is coerced and nothing is removed', () => {
  const data = { ...order, extra: 1 }
  shapeErrors(orderPlaced, data)
  expect(data).toEqual({ ...order, extra: 1 })
})
