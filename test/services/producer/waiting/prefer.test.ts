import fc from 'fast-check'
import { waitSeconds } from '../../../../services/producer/waiting/prefer'

test.each<[string | string[] | undefined, number | undefined]>([
  [undefined, undefined],
  ['', undefined],
  ['wait=10', 10],
  ['WAIT=10', 10],
  ['wait = 10', 10],
  ['wait="10"', 10],
  ['wait=10; of=interest', 10],
  ['respond-async, wait=10', 10],
  ['respond-async,wait=10;foo="a,b;c", handling=lenient', 10],
  ['foo="wait=3, wait=4", wait=5', 5],
  ['return=minimal;wait=7', undefined],
  [['respond-async', 'wait=10'], 10],
  ['wait=5, wait=9', 5],
  ['wait=x, wait=9', undefined],
  ['wait=60', 60],
  ['wait=61', 60],
  ['wait=99999999999999999999', 60],
  ['wait=1', 1],
  ['wait=0', undefined],
  ['wait=-1', undefined],
  ['wait=1.5', undefined],
  ['wait=1e1', undefined],
  ['wait=', undefined],
  ['wait', undefined],
  ['await=5', undefined],
  ['wait=5x', undefined],
  ['respond-async wait=5', undefined],
])('%j means %j', (header, seconds) => {
  expect(waitSeconds(header)).toBe(seconds)
})

test('whatever stands there is a whole number of seconds from 1 to 60, or nothing', () => {
  const pieces = fc.constantFrom('wait', '=', '10', '"', ',', ';', ' ', '\\', 'x', '0', '\t')
  const headers = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 30 }).map((all) => all.join('')),
  )
  fc.assert(
    fc.property(headers, (header) => {
      const seconds = waitSeconds(header) ?? 1
      expect(Number.isInteger(seconds) && seconds >= 1 && seconds <= 60).toBe(true)
    }),
    { numRuns: 1_000 },
  )
})

test('other preferences around it change nothing', () => {
  const name = fc.stringMatching(/^[a-z-]{1,8}$/).filter((each) => each !== 'wait')
  const text = fc.stringMatching(/^[a-z0-9,;= ]{0,8}$/).map((inner) => `"${inner}"`)
  const other = fc.tuple(name, fc.option(text)).map(([key, value]) => (value === null ? key : `${key}=${value}`))
  fc.assert(
    fc.property(fc.array(other), fc.integer({ min: 1, max: 60 }), fc.array(other), (before, seconds, after) => {
      expect(waitSeconds([...before, `wait=${seconds}`, ...after].join(', '))).toBe(seconds)
    }),
  )
})

test('a long header that fits nowhere is read in no time', () => {
  const startedAt = performance.now()
  for (const piece of ['a;', 'a ', '=', '"', 'a="', ' ;', ',', 'wait', 'a=b;\t'])
    for (const around of ['', 'a', 'a;']) waitSeconds(`${around}${piece.repeat(8_000 / piece.length)}@`)
  expect(performance.now() - startedAt).toBeLessThan(1_000)
})
