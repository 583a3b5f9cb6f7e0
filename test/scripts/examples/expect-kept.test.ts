import { expectKept } from '../../../scripts/examples/expect-kept'

test('what was found as wanted is said to be kept, also a row of a store, which has no prototype', () => {
  const row = Object.assign(Object.create(null) as object, { done: 2 })
  expect(expectKept('both are done', { found: [row], wanted: [{ done: 2 }] })).toBe('kept: both are done')
})

test('anything else is an error that names both', () => {
  expect(() => expectKept('both are done', { found: { done: 1 }, wanted: { done: 2 } })).toThrow(
    new Error('not kept: both are done; wanted { done: 2 }, found { done: 1 }'),
  )
})
