import fc from 'fast-check'
import type { ToldStep } from '../../../shared/journal/step'
import { measured, type Measured } from '../../../services/console/numbers/measured'
import { told, wholeStory } from './told'

const text = (one: Measured) => ('ms' in one ? `${one.what} ${one.ms} at ${one.at}` : `${one.what} at ${one.at}`)

/** What is measured when the steps are told in these pieces, one after the other. */
function inPieces(pieces: readonly (readonly ToldStep[])[]): readonly string[] {
  const known: ToldStep[] = []
  return pieces
    .flatMap((piece) => {
      known.push(...piece)
      return measured(known, piece).map(text)
    })
    .sort()
}

const whole = [
  'accepted at 0',
  'attempts at 15',
  'attempts at 25',
  'confirm 4 at 5',
  'endToEnd 125 at 125',
  'endToEnd 45 at 45',
  'handler 100 at 125',
  'handler 30 at 45',
  'processed at 125',
  'processed at 45',
  'wait 10 at 15',
  'wait 20 at 25',
].sort()

test('counts each step and times each pair of a message that is handled by two groups', () => {
  expect(inPieces([wholeStory(0)])).toEqual(whole)
})

test('measures everything once, in whatever pieces and whatever order it is told', () => {
  const steps = wholeStory(0)
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...steps], { minLength: steps.length, maxLength: steps.length }),
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: steps.length, maxLength: steps.length }),
      (shuffled, sizes) => {
        const left = [...shuffled]
        const pieces = sizes.map((size) => left.splice(0, size)).filter(({ length }) => length > 0)
        expect(inPieces(pieces)).toEqual(whole)
      },
    ),
  )
})

test('an attempt that fails is timed to its failure, and the retry from its own beginning', () => {
  const of = { group: 'mail' }
  const steps = [
    told('delivered', 10, { ...of, attempt: 1 }),
    told('failed', 30, { ...of, attempt: 1 }),
    told('waiting', 30, { ...of, attempt: 1 }),
    told('delivered', 530, { ...of, attempt: 2 }),
    told('processed', 570, { ...of, attempt: 2 }),
  ]
  expect(inPieces([steps])).toEqual(
    [
      'attempts at 10',
      'attempts at 530',
      'failed at 30',
      'retried at 30',
      'handler 20 at 30',
      'handler 40 at 570',
      'processed at 570',
    ].sort(),
  )
})

test('the last attempt of a message that is parked failed as well, and is told by its end alone', () => {
  const of = { group: 'mail', attempt: 5 }
  expect(inPieces([[told('delivered', 10, of), told('dead', 30, of)]])).toEqual(
    ['attempts at 10', 'dead at 30', 'failed at 30', 'handler 20 at 30'].sort(),
  )
})

test('what had been done before counts as nothing, and a delivery that was given back waits once', () => {
  const of = { group: 'mail', attempt: 1 }
  const steps = [
    told('routed', 5),
    told('delivered', 10, of),
    told('delivered', 400, of),
    told('processed', 420, of),
    told('delivered', 900, of),
    told('processed', 901, { ...of, facts: { effect: 'duplicate' } }),
  ]
  expect(inPieces([steps])).toEqual(
    [
      'attempts at 10',
      'attempts at 400',
      'attempts at 900',
      'handler 20 at 420',
      'processed at 420',
      'wait 5 at 10',
    ].sort(),
  )
})

test('a replayed message is tried anew: its attempts are their own', () => {
  const of = { group: 'mail', attempt: 1 }
  const steps = [
    told('delivered', 10, of),
    told('dead', 20, of),
    told('replayed', 1_000, { group: 'mail' }),
    told('delivered', 1_010, { ...of, replays: 1 }),
    told('processed', 1_040, { ...of, replays: 1 }),
  ]
  expect(inPieces([steps])).toContain('handler 30 at 1040')
  expect(inPieces([steps])).toContain('replayed at 1000')
})

test('clocks that differ make no time before 0', () => {
  expect(inPieces([[told('routed', 50), told('delivered', 20, { group: 'mail', attempt: 1 })]])).toContain(
    'wait 0 at 20',
  )
})
