import { alternate } from '../../../scripts/bench/rounds'

const contestants = [{ name: 'a' }, { name: 'b' }]

test('every other round runs backwards, and the first is not counted', async () => {
  const turns: string[] = []
  const { signal: asked } = new AbortController()
  const samples = await alternate(contestants, { rounds: 3, asked }, ({ name }) => Promise.resolve(turns.push(name)))
  expect(turns.join('')).toBe('abbabaab')
  expect([...samples]).toEqual([
    ['a', [4, 6, 7]],
    ['b', [3, 5, 8]],
  ])
})

test('each is first, last and between as often as the others', async () => {
  const three = [{ name: 'a' }, { name: 'b' }, { name: 'c' }]
  const rounds: string[] = []
  const { signal: asked } = new AbortController()
  await alternate(three, { rounds: 6, asked }, ({ name }) => Promise.resolve(rounds.push(name)))
  expect(rounds.join('').match(/.../g)).toEqual(['abc', 'cba', 'bca', 'acb', 'cab', 'bac', 'abc'])
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
