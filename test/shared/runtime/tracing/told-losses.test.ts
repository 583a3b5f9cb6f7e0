import { toldLosses } from '../../../../shared/runtime/tracing/told-losses'
import { ManualClock } from '../../../support/manual-clock'

test('each span that is lost is counted; the log has one line a minute, with how many there were', async () => {
  const clock = new ManualClock()
  const lines: unknown[] = []
  let counted = 0
  const logger = { warn: (fields: unknown) => void lines.push(fields) }
  const lost = toldLosses({ logger: logger as never, clock, dropped: (spans) => (counted += spans) })
  lost(3, 'refused')
  lost(4, 'refused')
  await clock.pass(59_000)
  lost(5, 'refused')
  expect(lines).toEqual([{ spans: 3, reason: 'refused' }])
  await clock.pass(1_000)
  lost(1, 'away')
  expect(lines).toEqual([
    { spans: 3, reason: 'refused' },
    { spans: 10, reason: 'away' },
  ])
  expect(counted).toBe(13)
})
