import { foundByStatus, hasEnded, type Followed, type Seen } from '../../../shared/verification/found-by-status'

const followed = (seen?: Followed['seen']): Followed => ({
  ...{ subject: 'A', id: '1', bodyHash: 'body', expected: { left: 'facts', right: 'facts' } },
  seen,
})
const seen = (left: string, right: string, ...timeline: Seen['timeline']): Seen => ({
  groups: [
    { name: 'left', state: left },
    { name: 'right', state: right },
  ],
  timeline,
})
const processed = { step: 'processed', group: 'left' }
const again = { ...processed, effect: 'duplicate' }
const effect = { group: 'left', subject: 'A', messageId: '1', factsHash: 'facts' }

test('done in one group and dead in the other: an end in both', () => {
  const one = followed(seen('processed', 'dead', processed))
  expect(hasEnded(one)).toBe(true)
  expect(foundByStatus([one])).toEqual({
    effects: [effect],
    parked: [{ group: 'right', subject: 'A', bodyHash: 'body' }],
    queued: 0,
    underWay: [],
  })
})

test.each([
  ['processed twice', [processed, processed], 2],
  ['processed, and met again', [processed, again], 1],
  ['only met again: the first was never told of', [again, again], 1],
])('%s', (_what, timeline, times) => {
  expect(foundByStatus([followed(seen('processed', 'routed', ...timeline))]).effects).toHaveLength(times)
})

test('what is somewhere is under way; what nobody knows is not', () => {
  const waiting = followed(seen('processed', 'waiting', processed))
  expect(hasEnded(waiting)).toBe(false)
  expect(foundByStatus([waiting]).underWay).toEqual(['A in right'])
  expect(hasEnded(followed())).toBe(false)
  expect(foundByStatus([followed()])).toEqual({ effects: [], parked: [], queued: 0, underWay: [] })
})

test('what could not be asked about is under way, for all that is known', () => {
  const unheard = followed('no answer')
  expect(hasEnded(unheard)).toBe(false)
  expect(foundByStatus([unheard])).toEqual({
    effects: [],
    parked: [],
    queued: 0,
    underWay: ['A in left', 'A in right'],
  })
})
