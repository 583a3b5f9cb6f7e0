import { logged } from '../../../services/consumer/around/logged'
import type { Delivery } from '../../../shared/messaging/transport'
import { createLogger } from '../../../shared/runtime/logger'
import { deliveryOf } from './returned-delivery'

async function lineOf(delivery: Delivery): Promise<unknown> {
  const lines: string[] = []
  const logger = createLogger({ service: 'consumer', level: 'info' }, { write: (line) => void lines.push(line) })
  const handled = logged(() => Promise.resolve({ kind: 'ack', effect: 'applied' }), logger)
  await handled(delivery, new AbortController().signal)
  return JSON.parse(lines.join(''))
}

test.each(['urgent', 'low'] as const)('the line of a delivery says that it was %s', async (urgency) => {
  expect(await lineOf({ ...deliveryOf(), urgency })).toMatchObject({ msg: 'processed', messageId: '1', urgency })
})

test.each([{}, { urgency: 'normal' }] as const)('the line of a normal one says nothing of it: %j', async (given) => {
  const line = await lineOf({ ...deliveryOf(), ...given })
  expect(line).toMatchObject({ msg: 'processed', messageId: '1' })
  expect(line).not.toHaveProperty('urgency')
})
