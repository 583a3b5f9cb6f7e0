import type { Content } from '../../../shared/journal/content'
import { KeptContents } from '../../../services/console/window/kept-contents'

function contentOf(id: string, text: string, source = '/shop'): Content {
  const data = { kind: 'kept', text, redacted: [] } as const
  return { id, source, type: 'order.placed', attributes: {}, bytes: text.length, data }
}

const textOf = (content: Content | undefined) => (content?.data.kind === 'kept' ? content.data.text : undefined)

test('finds by id and source, and the first that is told counts', () => {
  const contents = new KeptContents(1_000_000)
  contents.take(contentOf('A', 'first'))
  contents.take(contentOf('A', 'second'))
  contents.take(contentOf('A', 'of another', '/other'))
  expect(textOf(contents.find({ id: 'A', source: '/shop' }))).toBe('first')
  expect(textOf(contents.find({ id: 'A', source: '/other' }))).toBe('of another')
  expect(contents.find({ id: 'B', source: '/shop' })).toBeUndefined()
  expect(contents.size).toBe(2)
})

test('lets the oldest go beyond so many bytes, however many come', () => {
  const contents = new KeptContents(100_000)
  for (let at = 0; at < 1_000; at++) contents.take(contentOf(`m-${at}`, 'x'.repeat(1_500)))
  expect(contents.size).toBe(29)
  expect(contents.find({ id: 'm-970', source: '/shop' })).toBeUndefined()
  expect(contents.find({ id: 'm-971', source: '/shop' })).toBeDefined()
  // One that is larger than all the room is not kept either, and leaves no hole in the reckoning.
  contents.take(contentOf('huge', 'x'.repeat(200_000)))
  expect(contents.size).toBe(0)
  contents.take(contentOf('small', 'x'))
  expect(contents.size).toBe(1)
})
