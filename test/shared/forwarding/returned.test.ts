import { Returned } from '../../../shared/forwarding/returned'

test('what came back is tried in the order in which it did', () => {
  const returned = new Returned<string>()
  for (const item of ['a', 'b']) returned.add(item)
  expect([returned.take(), returned.take(), returned.take()]).toEqual(['a', 'b', undefined])
})

test('after a round that failed none is tried, then one, after pauses that double up to a second', () => {
  const returned = new Returned<string>()
  const pauses = []
  for (const item of ['a', 'b']) returned.add(item)
  for (let item = returned.take(); item !== undefined; item = returned.take()) {
    returned.add(item)
    pauses.push(returned.failed(item))
    expect(returned.hasNext).toBe(false)
    if (pauses.length < 6) returned.letOne()
  }
  expect(pauses).toEqual([100, 200, 400, 800, 1_000, 1_000])
})

test('those that fail together are one round, and one that was under way before says nothing of the one that is tried', () => {
  const returned = new Returned<string>()
  for (const item of ['a', 'b']) returned.add(item)
  expect([returned.failed('c'), returned.failed('d')]).toEqual([100, undefined])
  returned.letOne()
  expect([returned.take(), returned.take()]).toEqual(['a', undefined])
  expect([returned.failed('e'), returned.hasNext]).toEqual([undefined, false])
  expect(returned.failed('a')).toBe(200)
})

test('when the one that is tried comes to another end, the rest may be tried, and the pauses begin anew', () => {
  const returned = new Returned<string>()
  for (const item of ['a', 'b', 'c']) returned.add(item)
  returned.failed('d')
  returned.letOne()
  returned.take()
  returned.ended('d')
  expect(returned.hasNext).toBe(false)
  returned.ended('a')
  expect([returned.take(), returned.take(), returned.failed('c')]).toEqual(['b', 'c', 100])
})
