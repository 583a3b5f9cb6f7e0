import type { DeadLetter } from '../../../shared/messaging/dead-letters'
import { MarkedLetters } from '../../../shared/operations/marked-letters'

const body = Buffer.from('{"a":1}')
const letter = { id: 'a', source: '/s', deadAt: '2026-01-01T00:00:00.000Z', replays: 0, body } as DeadLetter

test('a marked letter is taken as often as it was marked, and no more', () => {
  const marked = new MarkedLetters()
  marked.mark(letter)
  marked.mark(letter)
  expect([1, 2, 3].map(() => marked.take(letter))).toEqual([true, true, false])
  expect(marked.count).toBe(0)
})

test('the same message after another death is another letter', () => {
  const marked = new MarkedLetters()
  marked.mark(letter)
  expect(marked.take({ ...letter, deadAt: '2026-01-01T00:00:01.000Z' })).toBe(false)
  expect(marked.take({ ...letter, replays: 1 })).toBe(false)
  expect(marked.count).toBe(1)
})

test('another body is another letter: without ids, those that died in the same second differ by nothing else', () => {
  const marked = new MarkedLetters()
  const unnamed = { ...letter, id: undefined, source: undefined }
  marked.mark({ ...unnamed, body: Buffer.from('{"a":2}') })
  expect(marked.take(unnamed)).toBe(false)
  expect(marked.take({ ...unnamed, body: Buffer.from('{"a":2}') })).toBe(true)
})
