import type { Subject } from '../../../shared/journal/journal'
import type { Delivery, DeliveryContent, Failure, Verdict } from '../../../shared/messaging/transport'
import { journaled } from '../../../services/consumer/around/journaled'

const failure: Failure = { reason: 'failed', errorClass: 'TypeError', message: 'no such thing', stack: 'at …' }
const at = { group: 'ledger', attempt: 2, replays: 1 }
const content: DeliveryContent = {
  kind: 'message',
  envelope: {
    id: 'm',
    source: '/test',
    type: 'order.placed',
    time: undefined,
    contentType: 'application/json',
    data: Buffer.from('{"secret":1}'),
    extensions: {},
  },
}
const delivery: Delivery = { ...at, content, returns: 0, firstSeen: '2026-01-02T03:04:05.678Z' }

async function told(verdict: Verdict, given: Delivery = delivery) {
  const notes: unknown[] = []
  const journal = { note: (subject: Subject, step: object, last?: 'last') => void notes.push([subject.id, step, last]) }
  const result = await journaled(() => Promise.resolve(verdict), journal)(given, new AbortController().signal)
  expect(result).toBe(verdict)
  return notes
}

const delivered = ['m', { kind: 'delivered', ...at }, undefined]
const blame = { reason: 'failed', error: 'TypeError: no such thing' }

test.each<[string, Verdict, readonly unknown[]]>([
  ['an effect', { kind: 'ack', effect: 'applied' }, [['m', { kind: 'processed', ...at }, 'last']]],
  [
    'a repetition',
    { kind: 'ack', effect: 'duplicate' },
    [['m', { kind: 'processed', facts: { effect: 'duplicate' }, ...at }, 'last']],
  ],
  ['what rules do not want', { kind: 'ack', effect: 'filtered' }, [['m', { kind: 'filtered', ...at }, 'last']]],
  [
    'a retry',
    { kind: 'retry', afterMs: 500, failure },
    [
      ['m', { kind: 'failed', facts: blame, ...at }, undefined],
      ['m', { kind: 'waiting', facts: { afterMs: 500 }, ...at }, 'last'],
    ],
  ],
  ['a dead letter', { kind: 'reject', failure }, [['m', { kind: 'dead', facts: blame, ...at }, 'last']]],
  ['a return', { kind: 'release' }, []],
])('tells the delivery and %s', async (_, verdict, steps) => {
  expect(await told(verdict)).toEqual([delivered, ...steps])
})

test('cuts what an error says', async () => {
  const long = { ...failure, message: 'x'.repeat(1_000) }
  expect(JSON.stringify(await told({ kind: 'reject', failure: long })).length).toBeLessThan(500)
})

test('tells nothing of what nobody could read', async () => {
  const malformed: Delivery = { ...delivery, content: { kind: 'malformed', id: 'm', detail: 'no JSON' } }
  expect(await told({ kind: 'reject', failure }, malformed)).toEqual([])
})
