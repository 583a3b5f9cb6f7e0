import { boundOf } from '../../../shared/verification/bound'
import { fewerThanOneIn } from '../../../shared/verification/rule-of-three'

test.each([
  [2, undefined],
  [3, 1],
  [1_000, 333],
])('%d trials without a failure: fewer than one in %s', (trials, many) => {
  expect(fewerThanOneIn(trials)).toBe(many)
})

test('an honest run is as sure as it was long; one with a gap, or of two messages, is not', () => {
  const honest = 'nothing lost or doubled' as const
  expect(boundOf({ result: honest, accepted: 3_000, faults: 30 })).toContain(
    'fewer than one in 1000 accepted messages and one in 10 faults come to a loss',
  )
  expect(boundOf({ result: honest, accepted: 3_000, faults: 0 })).toContain('fewer than one in 1000 accepted messages')
  expect(boundOf({ result: honest, accepted: 2, faults: 0 })).toMatch(/^no bound/)
  expect(boundOf({ result: 'a gap', accepted: 3_000, faults: 30 })).toMatch(/^no bound/)
})
