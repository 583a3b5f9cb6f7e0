import { Following } from '../../cli/following'
import { foundByStatus } from '../../shared/verification/found-by-status'
import { judge } from '../../shared/verification/judge'
import type { Attempt } from '../../shared/verification/attempt'
import { startDoor, statusIn, type Asked, type Told } from './fake-door'

const parcel = { subject: 'A', body: 'data', bodyHash: 'body', expected: { left: 'facts' } }
const { subject, bodyHash, expected } = parcel
const accepted: Attempt = { subject, bodyHash, expected, status: 202, id: '1', sentAt: '', answeredAt: '' }

/** Follows one message that was accepted, and judges. */
async function followed(answerTo: (asked: Asked) => Told, patienceMs = 60_000) {
  const url = await startDoor(answerTo)
  const following = new Following({ url, apiKey: undefined }, { patienceMs, lookAgainAfterMs: 0 })
  following.add(parcel, '1')
  following.complete()
  await following.untilEnded(new AbortController().signal)
  return { following, verdict: judge([accepted], foundByStatus(following.followed())) }
}

test('a second effect that comes after the first seen end is seen', async () => {
  const { verdict } = await followed(({ before }) =>
    before === 0 ? statusIn('processed', 'processed') : statusIn('processed', 'processed', 'processed'),
  )
  expect(verdict.doubled).toEqual(['A in left'])
})

test('effects are counted in each group as they come, as the judgement counts them; the dead are none', async () => {
  const groups = [
    { name: 'left', state: 'processed' },
    { name: 'right', state: 'processed' },
    { name: 'away', state: 'dead' },
  ]
  const done = ['left', 'right', 'right'].map((group) => ({ step: 'processed', group }))
  const url = await startDoor(({ before }) => ({
    status: 200,
    body: { groups, timeline: before === 0 ? done.slice(0, 2) : done },
  }))
  const following = new Following({ url, apiKey: undefined }, { patienceMs: 60_000, lookAgainAfterMs: 0 })
  following.add({ ...parcel, expected: { left: 'facts', right: 'facts', away: 'facts' } }, '1')
  following.complete()
  await following.untilEnded(new AbortController().signal)
  expect(following.processed).toBe(3)
  expect(foundByStatus(following.followed()).effects).toHaveLength(3)
})

test('the second look is repeated until it is answered', async () => {
  const { verdict } = await followed(({ before }) => {
    if (before === 1) return { status: 503, body: {} }
    return before === 0 ? statusIn('processed', 'processed') : statusIn('processed', 'processed', 'processed')
  })
  expect(verdict.doubled).toEqual(['A in left'])
})

test('what never ends is waited for as long as patience lasts', async () => {
  const { verdict } = await followed(() => statusIn('waiting', 'failed'), 1)
  expect(verdict).toMatchObject({ unsettled: ['A in left'], lost: [] })
})

const unknown: Told = { status: 404, body: { code: 'unknown-message' } }
const away: Told = { status: 503, body: { title: 'Journal away', detail: 'the store does not answer' } }

const fates: Readonly<Record<string, (asked: Asked) => Told>> = {
  unknown: () => unknown,
  away: () => away,
  limited: () => ({ ...away, status: 429 }),
  'no-producer': () => ({ status: 404, body: {} }),
  'unknown-then-away': ({ before }) => (before === 0 ? unknown : away),
  'waiting-then-away': ({ before }) => (before === 0 ? statusIn('waiting', 'failed') : away),
  'ended-then-away': ({ before }) => (before === 0 ? statusIn('processed', 'processed') : away),
}

test('only what nobody knows is lost; what could not be asked about is still under way', async () => {
  const url = await startDoor((asked) => fates[asked.path.replace('/messages/', '')]?.(asked) ?? unknown)
  const following = new Following({ url, apiKey: undefined }, { patienceMs: 3_000, lookAgainAfterMs: 0 })
  for (const id of Object.keys(fates)) following.add({ ...parcel, subject: id }, id)
  following.complete()
  await following.untilEnded(new AbortController().signal)
  const history = Object.keys(fates).map((id) => ({ ...accepted, subject: id, id }))
  const verdict = judge(history, foundByStatus(following.followed()))
  expect(verdict.lost).toEqual(['unknown in left'])
  expect([...verdict.unsettled].sort()).toEqual(
    ['away', 'limited', 'no-producer', 'unknown-then-away', 'waiting-then-away'].map((id) => `${id} in left`),
  )
  expect(following.unheard()).toEqual([
    expect.stringMatching(/^of 6 messages the producer did not say at last what has become of them: /),
  ])
})

test('a producer that has gone is no sign of a loss', async () => {
  const following = new Following({ url: 'http://127.0.0.1:9', apiKey: undefined }, { patienceMs: 1 })
  following.add(parcel, '1')
  following.complete()
  await following.untilEnded(new AbortController().signal)
  expect(judge([accepted], foundByStatus(following.followed()))).toMatchObject({ lost: [], unsettled: ['A in left'] })
  expect(following.unheard().join()).toContain('no producer answers at http://127.0.0.1:9')
})

test('it ends at the signal, however much is open', async () => {
  const stop = new AbortController()
  const url = await startDoor(() => {
    stop.abort()
    return statusIn('waiting')
  })
  const following = new Following({ url, apiKey: undefined }, { patienceMs: 60_000 })
  following.add(parcel, '1')
  await following.untilEnded(stop.signal)
  expect(following.followed()).toHaveLength(1)
})
