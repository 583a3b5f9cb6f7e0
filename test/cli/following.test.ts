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
  await following.untilEnded()
  return { following, verdict: judge([accepted], foundByStatus(following.followed())) }
}

test('a second effect that comes after the first seen end is seen', async () => {
  const { verdict } = await followed(({ before }) =>
    before === 0 ? statusIn('processed', 'processed') : statusIn('processed', 'processed', 'processed'),
  )
  expect(verdict.doubled).toEqual(['A in left'])
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
