import { extended, inOrder, mostSteps } from '../../../shared/journal/history'
import type { StepKind, ToldStep } from '../../../shared/journal/step'

const step = (key: string, kind: StepKind, at = 0): ToldStep => ({ key, kind, at })

test('takes each step once, by its name', () => {
  const kept = [step('a.1.0', 'delivered')]
  const more = [step('a.1.0', 'delivered'), step('a.2.0', 'delivered'), step('a.2.0', 'delivered')]
  expect(extended(kept, more).map(({ key }) => key)).toEqual(['a.1.0', 'a.2.0'])
})

test.each(['accepted', 'stored', 'routed', 'unrouted'] as const)('keeps the first that tells %s', (kind) => {
  expect(extended([step('a.1.0', kind)], [step('b.1.0', kind)])).toEqual([step('a.1.0', kind)])
})

test('forgets the oldest attempts of a message that has too many, and nothing else', () => {
  const kept = [step('a.0.0', 'accepted'), step('a.0.1', 'dead')]
  const attempts = Array.from({ length: mostSteps }, (_, at) => step(`b.${at}.0`, 'delivered'))
  const steps = extended(kept, attempts)
  expect(steps).toHaveLength(mostSteps)
  expect(steps.slice(0, 3).map(({ key }) => key)).toEqual(['a.0.0', 'a.0.1', 'b.2.0'])
  expect(steps.at(-1)?.key).toBe(`b.${mostSteps - 1}.0`)
})

test('keeps no more of a message that is sent again and again, nor of one that dies again and again', () => {
  const duplicate = (key: string): ToldStep => ({ ...step(key, 'processed'), facts: { effect: 'duplicate' } })
  const done = step('a.0.0', 'processed')
  const sent = extended(
    [done],
    Array.from({ length: 1_000 }, (_, at) => duplicate(`b.${at}.0`)),
  )
  expect(sent).toHaveLength(mostSteps)
  expect(sent[0]).toEqual(done)
  const routed = step('a.0.0', 'routed')
  const dead = extended(
    [routed],
    Array.from({ length: 1_000 }, (_, at) => step(`b.${at}.0`, 'dead')),
  )
  expect(dead).toHaveLength(mostSteps)
  expect([dead[0]?.kind, dead.at(-1)?.key]).toEqual(['routed', 'b.999.0'])
})

test('orders by time, and within a millisecond as one step leads to the next', () => {
  const told = [step('c', 'processed', 7), step('b', 'routed', 5), step('a', 'accepted', 5), step('d', 'delivered', 4)]
  expect(inOrder(told).map(({ kind }) => kind)).toEqual(['delivered', 'accepted', 'routed', 'processed'])
})
