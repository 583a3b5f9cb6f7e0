import { stepOf, type State } from '../../examples/saga/course'

const events = ['payment.taken', 'payment.declined', 'stock.reserved', 'stock.refused', 'payment.refunded']

function reachedFrom(state: State): readonly State[] {
  return events.flatMap((event) => stepOf(state, event)?.state ?? []).flatMap((next) => [next, ...reachedFrom(next)])
}

test('every course that begins comes to an end, and an end is left by nothing', () => {
  expect(new Set(reachedFrom('placed'))).toEqual(new Set(['paid', 'refunding', 'completed', 'cancelled']))
  expect([...reachedFrom('completed'), ...reachedFrom('cancelled')]).toEqual([])
})

test('an event that comes again, or late, changes nothing', () => {
  expect(stepOf('paid', 'payment.taken')).toBeUndefined()
  expect(stepOf('cancelled', 'stock.reserved')).toBeUndefined()
})
