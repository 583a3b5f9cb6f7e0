import { isoNow } from '../../../shared/runtime/iso-now'

afterEach(() => jest.useRealTimers())

test('is the time at this moment, also when it goes back', () => {
  jest.useFakeTimers()
  for (const time of ['2026-02-03T04:05:06.007Z', '2026-02-03T04:05:06.007Z', '2026-02-03T04:05:06.006Z']) {
    jest.setSystemTime(new Date(time))
    expect(isoNow()).toBe(time)
  }
})
