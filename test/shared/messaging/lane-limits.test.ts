import { laneLimits, windowsOf } from '../../../shared/messaging/lane-limits'

test.each([
  [
    'as many at once as the work queue',
    { prefetch: 64, concurrency: 64, lanePrefetch: { urgent: 64, low: 8 } },
    [64, 64],
  ],
  ['no more than it has ahead', { prefetch: 64, concurrency: 64, lanePrefetch: { urgent: 32, low: 8 } }, [32, 32]],
  ['two where the work queue has one', { prefetch: 16, concurrency: 1, lanePrefetch: { urgent: 16, low: 2 } }, [16, 2]],
  ['one where it has one ahead', { prefetch: 1, concurrency: 1, lanePrefetch: { urgent: 1, low: 1 } }, [1, 1]],
  ['as many ahead as the work queue by default', { prefetch: 8, concurrency: 4 }, [8, 4]],
])('a lane has %s', (_, limits, [prefetch, concurrency]) => {
  expect(laneLimits(limits, 'urgent')).toEqual({ prefetch, concurrency })
})

test('each lane has its own window', () => {
  const limits = { prefetch: 64, concurrency: 64, lanePrefetch: { urgent: 32, low: 20 } }
  expect(windowsOf(limits)).toEqual({ urgent: 32, normal: 64, low: 20 })
})
