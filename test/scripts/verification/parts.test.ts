import { partsOf } from '../../../scripts/verification/parts'
import type { Attempt } from '../../../shared/verification/attempt'
import { judge, type Effect } from '../../../shared/verification/judge'
import { judgedInParts } from '../../../shared/verification/judged'
import { tallyOf } from '../../../shared/verification/tally'

const at = '2026-01-01T00:00:00.000Z'
const facts = { bodyHash: 'body', expected: { left: 'facts' }, status: 202, sentAt: at, answeredAt: at } as const
const attempts: Attempt[] = Array.from({ length: 1_000 }, (_, n) => ({ ...facts, subject: `message-${n}`, id: `${n}` }))
const done = (n: number): Effect => ({
  group: 'left',
  subject: `message-${n}`,
  messageId: `${n}`,
  factsHash: 'facts',
})
const effects = attempts.map((_, n) => done(n)).filter((_, n) => n !== 13)
const parked = [{ group: 'left', subject: 'message-77', bodyHash: 'body' }]

const read = (isAsked: (subject: string) => boolean = () => true) =>
  Promise.resolve(attempts.filter(({ subject }) => isAsked(subject)))
const of = (isAsked: (subject: string) => boolean) => effects.filter(({ subject }) => isAsked(subject))
// As many as make several parts.
const whole = { history: { read, attempts: 225_000 }, effects: { of }, parked }

test('each subject is in one part, with all that is known of it', async () => {
  const met: string[] = []
  let parts = 0
  for await (const { history, found } of partsOf(whole)) {
    parts++
    met.push(...history.map(({ subject }) => subject))
    const here = new Set(history.map(({ subject }) => subject))
    expect([...found.effects, ...found.parked].every(({ subject }) => here.has(subject))).toBe(true)
  }
  expect(parts).toBe(5)
  expect(met.sort()).toEqual(attempts.map(({ subject }) => subject).sort())
})

test.each([0, 1])('the judgement is that of the whole, with %d in queues', async (queued) => {
  const found = { effects, parked, queued }
  const { verdict, tally } = await judgedInParts(partsOf(whole), queued)
  expect(verdict).toEqual(judge(attempts, found))
  expect(tally).toEqual(tallyOf(attempts, found))
  expect([...verdict.lost, ...verdict.unsettled]).toEqual(['message-13 in left'])
  expect(verdict.doubled).toEqual(['message-77 in left'])
})
