import { createMetrics } from '../../../shared/runtime/metrics'

test('the clock is read at each scrape', async () => {
  const metrics = createMetrics('any')
  const clock = async () => Number(/^handoff_clock_seconds (\S+)$/m.exec(await metrics.text())?.[1])
  const before = Date.now() / 1_000
  const first = await clock()
  const second = await clock()
  expect([before <= first, first <= second, second <= Date.now() / 1_000]).toEqual([true, true, true])
})
