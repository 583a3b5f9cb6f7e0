import { bareProperties } from '../../../shared/messaging/rabbitmq/copies'

test('what is left of a copy that cannot be written still says which message it is', () => {
  const headers = { 'ce-id': '7', 'ce-source': `/${'s'.repeat(300)}`, 'handoff-attempt': 2, other: 'x' }
  expect(bareProperties({ messageId: '8', type: 't'.repeat(300), headers })).toEqual({
    messageId: '8',
    headers: { 'ce-id': '7', 'ce-source': headers['ce-source'], 'handoff-attempt': 2, 'handoff-headers-cut': true },
    persistent: true,
  })
})
