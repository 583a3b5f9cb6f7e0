import { asMismatch, readMismatch } from '../../../shared/messaging/rabbitmq/mismatch'

const told = (argument: string, kind: string, received: string, current: string) =>
  new Error(
    `Operation failed: QueueDeclare; 406 (PRECONDITION-FAILED) with message "PRECONDITION_FAILED - inequivalent arg '${argument}' for ${kind} 'ns.some.v1' in vhost '/': received ${received} but current is ${current}"`,
  )

test.each([
  ["the value '20' of type 'signedint'", "the value '5' of type 'signedint'", '20', '5'],
  ['none', "the value '5' of type 'signedint'", 'none', '5'],
  ["'topic'", "'direct'", 'topic', 'direct'],
  ["the value 'quorum' of type 'longstr'", 'none', 'quorum', 'none'],
])('received %s, current %s', (received, current, wanted, found) => {
  expect(readMismatch(told('x-some', 'queue', received, current))).toEqual({
    argument: 'x-some',
    kind: 'queue',
    name: 'ns.some.v1',
    vhost: '/',
    wanted,
    current: found,
  })
})

test('as a sentence, no value stands without quotes', () => {
  expect(asMismatch(told('x-some', 'queue', 'none', "the value '5' of type 'signedint'"))?.message).toContain(
    'queue "ns.some.v1" in vhost "/" has x-some "5", but Handoff needs none',
  )
})

test('an error that is no mismatch stays what it is', () => {
  expect(readMismatch(new Error('406 (PRECONDITION-FAILED) something else'))).toBeUndefined()
})
