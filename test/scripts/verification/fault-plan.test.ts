import { faultPlan } from '../../../scripts/verification/fault-plan'
import { faultNames } from '../../../scripts/verification/faults/all'

const facts = { seed: 7, faults: 100, kinds: faultNames }

test('the same seed is the same plan, another seed another one', () => {
  expect(faultPlan(facts)).toEqual(faultPlan(facts))
  expect(faultPlan({ ...facts, seed: 8 })).not.toEqual(faultPlan(facts))
})

test('each kind comes once before any comes again', () => {
  const names = faultPlan(facts).map(({ name }) => name)
  expect(names).toHaveLength(100)
  expect(new Set(names.slice(0, faultNames.length)).size).toBe(faultNames.length)
})

test('there are kinds enough for a long run', () => {
  expect(faultNames.length).toBeGreaterThanOrEqual(20)
})

test('only the kinds that were asked for, for half a second to three', () => {
  const plan = faultPlan({ seed: 1, faults: 9, kinds: ['half-open', 'store-locked'] })
  expect(new Set(plan.map(({ name }) => name))).toEqual(new Set(['half-open', 'store-locked']))
  for (const { lastsMs } of plan) expect(lastsMs >= 500 && lastsMs <= 3_000).toBe(true)
  expect(faultPlan({ seed: 1, faults: 0, kinds: ['half-open'] })).toEqual([])
})
