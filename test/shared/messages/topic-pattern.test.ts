import fc from 'fast-check'
import { fitsTopic } from '../../../shared/messages/topic-pattern'

test.each([
  ['order.placed', 'order.placed', true],
  ['order.placed', 'order.paid', false],
  ['order.*', 'order.placed', true],
  ['order.*', 'order', false],
  ['order.*', 'order.item.added', false],
  ['order.#', 'order', true],
  ['order.#', 'order.item.added', true],
  ['#', 'order.placed', true],
  ['*.placed', 'order.placed', true],
  ['#.placed', 'placed', true],
  ['order.#.added', 'order.added', true],
  ['order.#.added', 'order.item.line.added', true],
  ['*', 'order.placed', false],
  ['order.p*', 'order.placed', false],
])('%s, %s: %s', (pattern, name, fits) => {
  expect(fitsTopic(pattern, name)).toBe(fits)
})

test('fits as a regular expression made of the pattern does', () => {
  const word = fc.constantFrom('a', 'b')
  const part = fc.constantFrom('a', 'b', '*', '#')
  const names = fc.array(word, { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), names, (parts, words) => {
      const made = parts.map((each) => (each === '#' ? '(/[ab])*' : each === '*' ? '/[ab]' : `/${each}`)).join('')
      const expected = new RegExp(`^${made}$`).test(`/${words.join('/')}`)
      expect(fitsTopic(parts.join('.'), words.join('.'))).toBe(expected)
    }),
    { numRuns: 1_000 },
  )
})

test('a pattern full of # is told at once', () => {
  const pattern = Array.from({ length: 60 }, () => '#').join('.')
  expect(fitsTopic(`${pattern}.b`, Array.from({ length: 60 }, () => 'a').join('.'))).toBe(false)
})
