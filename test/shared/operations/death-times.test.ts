import { DeathTimes } from '../../../shared/operations/death-times'

const start = 1_800_000_000_000

test('each kind is counted over the same time, in pieces of a second where that is short', () => {
  const times = new DeathTimes()
  for (const after of [0, 500, 3_000]) times.add('a', start + after)
  times.add('b', start + 1_000)
  const view = times.view()
  expect(view).toMatchObject({ from: start, widthMs: 1_000 })
  expect(view?.counts.get('a')).toEqual([2, 0, 0, 1])
  expect(view?.counts.get('b')).toEqual([0, 1, 0, 0])
})

test('the longer the time, the wider the pieces; none is lost, in whatever order they are told', () => {
  const times = new DeathTimes()
  const dayMs = 86_400_000
  for (let n = 999; n >= 0; n--) times.add('a', start + (n * 30 * dayMs) / 1_000)
  const { from = 0, widthMs = 0, counts } = times.view() ?? {}
  const pieces = counts?.get('a') ?? []
  expect(pieces.length).toBeGreaterThan(20)
  expect(pieces.length).toBeLessThanOrEqual(48)
  expect(pieces.reduce((sum, many) => sum + many, 0)).toBe(1_000)
  expect(from).toBeLessThanOrEqual(start)
  expect(from + pieces.length * widthMs).toBeGreaterThan(start + 29.9 * dayMs)
})

test('what does not say when it died is in none of them', () => {
  const times = new DeathTimes()
  times.add('a', NaN)
  expect(times.view()).toBeUndefined()
})
