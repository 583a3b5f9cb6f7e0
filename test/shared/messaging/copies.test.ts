import type { Message } from 'amqplib'
import { bareProperties, foreignHeaders } from '../../../shared/messaging/rabbitmq/copies'

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
