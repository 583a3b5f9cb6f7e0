import type { Message } from 'amqplib'
import {
  bareProperties,
  deadProperties,
  foreignHeaders,
  renewedProperties,
  retryProperties,
} from '../../../shared/messaging/rabbitmq/copies'
import { historyOf } from '../../../shared/messaging/rabbitmq/history'
import { replayProperties } from '../../../shared/messaging/rabbitmq/replayed-copy'
import type { Failure } from '../../../shared/messaging/transport'

test('what is left of a copy that cannot be written still says which message it is', () => {
  const headers = { 'ce-id': '7', 'ce-source': `/${'s'.repeat(300)}`, 'handoff-attempt': 2, other: 'x' }
  expect(bareProperties({ messageId: '8', type: 't'.repeat(300), headers })).toEqual({
    messageId: '8',
    headers: { 'ce-id': '7', 'ce-source': headers['ce-source'], 'handoff-attempt': 2, 'handoff-headers-cut': true },
    persistent: true,
  })
})

test('what was cut once stays said on every later copy', () => {
  const large = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`h${at}`, 'x'.repeat(1_000)]))
  const copied = (headers: Readonly<Record<string, unknown>>) => foreignHeaders({ properties: { headers } } as Message)
  const first = copied({ ...large, own: 'kept', 'handoff-attempt': 2 })
  expect(first).toEqual({ own: 'kept', 'handoff-headers-cut': true })
  expect(copied(first)).toEqual(first)
})

describe('the attempt that a copy comes of', () => {
  const attempt = { traceparent: '00-a-b-01', endedAt: '2026-01-01T00:00:05.000Z' }
  const failure: Failure = { reason: 'failed', errorClass: 'Error', message: 'away', stack: undefined }
  const fields = { exchange: 'e', routingKey: 'k' }
  const message = (headers: object = {}) => ({ fields, properties: { messageId: '1', headers } }) as unknown as Message
  const previousOf = (headers: object | undefined) => historyOf(message(headers), 'now').previous
  const parked = { attempt: 1, group: 'g', at: new Date(0), type: 't' }

  test.each([
    ['a retry', (own: Message, of: Failure) => retryProperties(own, historyOf(own, 'now'), of, 't')],
    ['a dead letter', (own: Message, of: Failure) => deadProperties(own, historyOf(own, 'now'), of, parked)],
  ])('stands on %s, where it was traced', (_, copy) => {
    const headers = copy(message(), { ...failure, attempt }).headers as object
    expect(headers).toMatchObject({
      'handoff-attempt-trace': attempt.traceparent,
      'handoff-attempt-ended': attempt.endedAt,
    })
    expect(previousOf(headers)).toEqual(attempt)
    const untraced = copy(message(headers), failure).headers as object
    expect(Object.keys(untraced).join()).not.toContain('handoff-attempt-')
    const later = { traceparent: '00-a-c-01', endedAt: '2026-01-01T00:00:09.000Z' }
    expect(previousOf(copy(message(headers), { ...failure, attempt: later }).headers as object)).toEqual(later)
  })

  test('stays on a copy that comes of no attempt', () => {
    const own = message({ 'handoff-attempt-trace': '00-a-b-01', 'handoff-attempt-ended': attempt.endedAt })
    expect(previousOf(renewedProperties(own, historyOf(own, 'now')).headers as object)).toEqual(attempt)
  })

  test('stands on a replay without its end', () => {
    const dead = deadProperties(message(), historyOf(message(), 'now'), { ...failure, attempt }, parked)
    const group = { name: 'g', routes: [], delaysMs: [] }
    const replayed = replayProperties(message(dead.headers as object), group)
    expect(previousOf(replayed.headers as object)).toEqual({ ...attempt, endedAt: undefined })
  })

  test('is nothing where a header is no text', () => {
    expect(previousOf({ 'handoff-attempt-trace': 7 })).toBeUndefined()
  })
})
