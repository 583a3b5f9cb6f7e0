import type { DeadLetter } from '../../../shared/messaging/dead-letters'
import { keptLetter, putProperties } from '../../../shared/messaging/rabbitmq/kept-letter'

const kept = (properties: Readonly<Record<string, unknown>>) =>
  keptLetter({ body: Buffer.from('{}'), properties } as DeadLetter, Buffer.alloc(0))

test('what a kept letter bears can be put back: a time in nanoseconds, which AMQP cannot send again, is left out', () => {
  const properties = { messageId: 'a', deliveryMode: 2, priority: 7, timestamp: 1_700_000_000 }
  expect(kept(properties).properties).toEqual(properties)
  const { timestamp: _, ...others } = properties
  for (const timestamp of [1_700_000_000_000_000_000, 1.5, -1])
    expect(kept({ ...others, timestamp }).properties).toEqual(others)
  expect(putProperties(kept({ ...others, timestamp: 2 ** 60 }))).toMatchObject(others)
})

test('what a file names that AMQP does not have is refused', () => {
  const { body, headers } = kept({})
  for (const properties of [{ timestamp: 2 ** 60 }, { messageId: 'x'.repeat(256) }, { colour: 'red' }])
    expect(() => putProperties({ body, headers, properties })).toThrow('there is no property')
})
