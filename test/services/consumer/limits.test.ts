import { limitsFor } from '../../../services/consumer/limits'

test.each([
  [10, 1_048_576, { prefetch: 20, concurrency: 10 }],
  [1, 1_048_576, { prefetch: 16, concurrency: 1 }],
  [100, 1_024, { prefetch: 100, concurrency: 100 }],
  [40, 1_024, { prefetch: 64, concurrency: 40 }],
  [10, 16_777_216, { prefetch: 2, concurrency: 2 }],
])('concurrency %i and bodies of %i bytes', (concurrency, bodyLimit, expected) => {
  expect(limitsFor(concurrency, bodyLimit)).toEqual(expected)
})
