import { alternate } from '../../../scripts/bench/rounds'

test('every other round runs backwards, and the first is not counted', async () => {
  const turns: string[] = []
  const samples = await alternate([{ name: 'a' }, { name: 'b' }], 3, ({ name }) => Promise.resolve(turns.push(name)))
  expect(turns.join('')).toBe('abbaabba')
  expect([...samples]).toEqual([
    ['a', [4, 5, 8]],
    ['b', [3, 6, 7]],
  ])
})
