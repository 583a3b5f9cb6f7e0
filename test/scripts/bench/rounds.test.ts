import { alternate } from '../../../scripts/bench/rounds'

const contestants = [{ name: 'a' }, { name: 'b' }]

test('every other round runs backwards, and the first is not counted', async () => {
  const turns: string[] = []
  const { signal: asked } = new AbortController()
  const samples = await alternate(contestants, { rounds: 3, asked }, ({ name }) => Promise.resolve(turns.push(name)))
  expect(turns.join('')).toBe('abbaabba')
  expect([...samples]).toEqual([
    ['a', [4, 5, 8]],
    ['b', [3, 6, 7]],
  ])
})

test('who wants it to end waits for one turn at most', async () => {
  const stop = new AbortController()
  const turns: string[] = []
  const running = alternate(contestants, { rounds: 3, asked: stop.signal }, ({ name }) => {
    if (turns.push(name) === 3) stop.abort('SIGINT')
    return Promise.resolve()
  })
  await expect(running).rejects.toThrow('stopped: SIGINT')
  expect(turns.join('')).toBe('abb')
})
