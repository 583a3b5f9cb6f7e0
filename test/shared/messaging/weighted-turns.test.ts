import * as fc from 'fast-check'
import type { Urgency } from '../../../shared/messaging/transport'
import { WeightedTurns } from '../../../shared/messaging/weighted-turns'

const urgencies = ['urgent', 'normal', 'low'] as const

const all = () => true

/** So many turns of those that have work, by default of all. */
function take(turns: WeightedTurns, count: number, hasWork: (urgency: Urgency) => boolean = all) {
  return Array.from({ length: count }, () => turns.next(hasWork))
}

const countOf = (taken: readonly unknown[], urgency: Urgency) => taken.filter((each) => each === urgency).length

test('urgent ones have 16 turns of 20, normal ones 3 and low ones 1', () => {
  const taken = take(new WeightedTurns(), 20_000)
  expect(urgencies.map((urgency) => countOf(taken, urgency))).toEqual([16_000, 3_000, 1_000])
})

test('the shares are kept in each stretch of 20 turns, after however many', () => {
  const taken = take(new WeightedTurns(), 100_000)
  for (let from = 0; from + 20 <= taken.length; from += 997) {
    const stretch = taken.slice(from, from + 20)
    expect(urgencies.map((urgency) => countOf(stretch, urgency))).toEqual([16, 3, 1])
  }
})

test('nobody is next where nobody has work', () => {
  expect(new WeightedTurns().next(() => false)).toBeUndefined()
})

test.each(urgencies)('one class alone has all turns: %s', (only) => {
  expect(new Set(take(new WeightedTurns(), 100, (urgency) => urgency === only))).toEqual(new Set([only]))
})

test('of two classes each has its weight', () => {
  const taken = take(new WeightedTurns(), 4_000, (urgency) => urgency !== 'urgent')
  expect([countOf(taken, 'normal'), countOf(taken, 'low')]).toEqual([3_000, 1_000])
})

test.each([
  ['low', 2],
  ['normal', 4],
] as const)('what had nothing to do saved nothing up: %s', (idle, most) => {
  const turns = new WeightedTurns()
  take(turns, 10_000, (urgency) => urgency !== idle)
  expect(countOf(take(turns, 20), idle)).toBeLessThanOrEqual(most)
})

test('urgent work that comes to a long queue of low work has the very next turns', () => {
  const turns = new WeightedTurns()
  take(turns, 10_000, (urgency) => urgency === 'low')
  const taken = take(turns, 16, (urgency) => urgency !== 'normal')
  expect(taken).toEqual(Array.from({ length: 16 }, () => 'urgent'))
})

// While it waits for as far as its own turn has taken it, each other one comes as far, and once more.
const mostPassedOver = { urgent: 2, normal: 7, low: 21 }

const present = fc.record({ urgent: fc.boolean(), normal: fc.boolean(), low: fc.boolean() })

test.each(urgencies)(
  'whatever work comes and goes, one that always has some is not passed over for long: %s',
  (self) => {
    fc.assert(
      fc.property(fc.array(present, { minLength: 50, maxLength: 300 }), (moments) => {
        const turns = new WeightedTurns()
        const taken = moments.map((has) => turns.next((urgency) => urgency === self || has[urgency]))
        const own = [-1, ...taken.flatMap((urgency, at) => (urgency === self ? [at] : [])), taken.length]
        const gaps = own.slice(1).map((at, index) => at - (own[index] ?? 0) - 1)
        expect(Math.max(...gaps)).toBeLessThanOrEqual(mostPassedOver[self])
      }),
    )
  },
)

test('whatever came before, the low ones have their 5 % once all have work', () => {
  fc.assert(
    fc.property(fc.array(present, { maxLength: 300 }), (moments) => {
      const turns = new WeightedTurns()
      for (const has of moments) turns.next((urgency) => has[urgency])
      take(turns, mostPassedOver.low)
      const windows = Array.from({ length: 5 }, () => countOf(take(turns, 40), 'low'))
      expect(Math.min(...windows)).toBeGreaterThanOrEqual(2)
    }),
  )
})
