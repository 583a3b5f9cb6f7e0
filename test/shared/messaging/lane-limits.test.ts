import { laneLimits } from '../../../shared/messaging/lane-limits'

test.each([
  ['as many at once as the work queue', { prefetch: 64, concurrency: 64, lanePrefetch: 64 }, [64, 64]],
  ['no more than it has ahead', { prefetch: 64, concurrency: 64, lanePrefetch: 32 }, [32, 32]],
  ['two where the work queue has one', { prefetch: 16, concurrency: 1, lanePrefetch: 16 }, [16, 2]],
  ['one where it has one ahead', { prefetch: 1, concurrency: 1, lanePrefetch: 1 }, [1, 1]],
  ['as many ahead as the work queue by default', { prefetch: 8, concurrency: 4 }, [8, 4]],
])('a lane has %s', (_, limits, [prefetch, concurrency]) => {
  expect(laneLimits(limits)).toEqual({ prefetch, concurrency })
})
