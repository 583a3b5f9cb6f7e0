import { cutTo, plain } from '../../cli/plain'

test('control characters of other people are written out; a block keeps its lines', () => {
  expect(plain('a\u001b[2J\nb\u009b')).toBe('a\\u001b[2J\\u000ab\\u009b')
  expect(plain('a\n\tb\r', 'block')).toBe('a\n\tb\\u000d')
})

test('a cut text ends with an ellipsis, at a whole character', () => {
  expect(cutTo(3, '😀😀😀')).toBe('😀😀😀')
  expect(cutTo(3, '😀😀😀😀')).toBe('😀😀…')
})
