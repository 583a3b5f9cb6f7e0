/** The checker, against histories in which something is wrong. */
import type { Attempt } from '../../../shared/verification/attempt'
import { honest, judge, type DeadLetter, type Effect, type Found } from '../../../shared/verification/judge'

const at = '2026-01-01T00:00:00.000Z'
const attempt = (status: Attempt['status'], more: Partial<Attempt> = {}): Attempt => ({
  ...{ subject: 'A', bodyHash: 'body', expected: { ledger: 'facts' }, status, sentAt: at, answeredAt: at },
  ...(status === 202 ? { id: '1' } : {}),
  ...more,
})
const effect: Effect = { group: 'ledger', subject: 'A', messageId: '1', factsHash: 'facts' }
const letter: DeadLetter = { group: 'ledger', subject: 'A', bodyHash: 'body' }
const found = (some: Partial<Found> = {}): Found => ({ effects: [], parked: [], queued: 0, ...some })

test.each<[string, Attempt[], Found]>([
  ['accepted and done', [attempt(202)], found({ effects: [effect] })],
  ['accepted and parked', [attempt(202)], found({ parked: [letter] })],
  ['accepted and parked twice, by a copy before the ack', [attempt(202)], found({ parked: [letter, letter] })],
  ['refused and not done', [attempt(422)], found()],
  ['unknown, repeated, done once', [attempt('no answer'), attempt(202)], found({ effects: [effect] })],
  [
    'unknown, refused as one under way, repeated, each under the one id of its key',
    [attempt(503, { outcome: 'unknown', id: '1' }), attempt(409, { id: '1' }), attempt(202)],
    found({ effects: [effect] }),
  ],
  ['refused, repeated, done', [attempt(503, { outcome: 'not_accepted' }), attempt(202)], found({ effects: [effect] })],
])('honest: %s', (_what, history, places) => {
  expect(judge(history, places)).toEqual(honest)
})

const inLedger = ['A in ledger']
test.each<[string, Attempt[], Found, object]>([
  ['accepted, and nowhere', [attempt(202)], found(), { lost: inLedger }],
  ['accepted, and on its way', [attempt(202)], found({ queued: 1 }), { unsettled: inLedger }],
  ['accepted, and seen on its way', [attempt(202)], found({ underWay: inLedger }), { unsettled: inLedger }],
  ['accepted, and another on its way', [attempt(202)], found({ underWay: ['B in ledger'] }), { lost: inLedger }],
  ['done twice', [attempt(202)], found({ effects: [effect, effect] }), { doubled: inLedger }],
  ['done and parked', [attempt(202)], found({ effects: [effect], parked: [letter] }), { doubled: inLedger }],
  ['never sent, and done', [], found({ effects: [effect] }), { unexpected: inLedger }],
  ['never sent, and parked', [], found({ parked: [letter] }), { unexpected: inLedger }],
  ['refused, and done', [attempt(422)], found({ effects: [effect] }), { unexpected: inLedger }],
  [
    'not accepted, and done',
    [attempt(503, { outcome: 'not_accepted' })],
    found({ effects: [effect] }),
    { unexpected: inLedger },
  ],
  ['unknown, never repeated', [attempt(503, { outcome: 'unknown' })], found(), { unresolved: ['A'] }],
  ['no answer, repeat refused', [attempt('no answer'), attempt(409)], found(), { unresolved: ['A'] }],
  [
    'an effect with other facts',
    [attempt(202)],
    found({ effects: [{ ...effect, factsHash: 'others' }] }),
    { corrupted: inLedger },
  ],
  [
    'a dead letter with another body',
    [attempt(202)],
    found({ parked: [{ ...letter, bodyHash: 'other' }] }),
    { corrupted: inLedger },
  ],
  [
    'unknown under one id, and accepted under another',
    [attempt(503, { outcome: 'unknown', id: '2' }), attempt(202)],
    found({ effects: [effect] }),
    { misnamed: ['A'] },
  ],
  [
    'a repeat under another id',
    [attempt(202), attempt(202, { id: '2' })],
    found({ effects: [effect] }),
    { misnamed: ['A'] },
  ],
])('dishonest: %s', (_what, history, places, wrong) => {
  expect(judge(history, places)).toEqual({ ...honest, ...wrong })
})

test('with two groups, an effect in one does not stand for the other', () => {
  const both = attempt(202, { expected: { ledger: 'facts', mail: 'facts' } })
  expect(judge([both], found({ effects: [effect] })).lost).toEqual(['A in mail'])
})
