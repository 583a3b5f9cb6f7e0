import { limitsFor } from '../../../services/consumer/limits'

test.each([
  [10, 1_048_576, { prefetch: 64, concurrency: 64, partitionPrefetch: 32 }],
  [4, 1_048_576, { prefetch: 32, concurrency: 32, partitionPrefetch: 32 }],
  [1, 1_048_576, { prefetch: 16, concurrency: 1, partitionPrefetch: 32 }],
  [100, 1_024, { prefetch: 100, concurrency: 100, partitionPrefetch: 32 }],
  [40, 1_024, { prefetch: 64, concurrency: 64, partitionPrefetch: 32 }],
  [10, 16_777_216, { prefetch: 4, concurrency: 4, partitionPrefetch: 4 }],
])('concurrency %i and bodies of %i bytes', (concurrency, bodyLimit, expected) => {
  expect(limitsFor(concurrency, bodyLimit)).toEqual(expected)
})
