import { limitsFor } from '../../../services/consumer/limits'

test.each([
  [10, 1_048_576, { prefetch: 64, concurrency: 64 }],
  [4, 1_048_576, { prefetch: 32, concurrency: 32 }],
  [1, 1_048_576, { prefetch: 16, concurrency: 1 }],
  [100, 1_024, { prefetch: 100, concurrency: 100 }],
  [40, 1_024, { prefetch: 64, concurrency: 64 }],
  [10, 16_777_216, { prefetch: 4, concurrency: 4 }],
])('concurrency %i and bodies of %i bytes', (concurrency, bodyLimit, expected) => {
  expect(limitsFor(concurrency, bodyLimit)).toEqual(expected)
})
