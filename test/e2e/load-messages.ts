import { setTimeout as wait } from 'node:timers/promises'
import { Type } from 'typebox'
import { handler } from '../../services/consumer/handler'
import { Unavailable } from '../../services/consumer/unavailable'
import { group } from '../../shared/messages/group'
import { command } from '../../shared/messages/message'

const schema = Type.Object({ orderId: Type.String() })
const examples = [{ orderId: '1' }]
const delivery = { attempts: 3, delaysMs: [500] }
const says = (description: string) => ({ description, examples, delivery })

export const charge = command('load.charge', schema, says('Asks a dependency.'))
export const charter = command('load.charter', schema, says('Asks a dependency, and knows when it is down.'))
export const slow = command('load.slow', schema, says('Takes seconds.'))
export const fast = command('load.fast', schema, says('Takes no time.'))

export const groups = [group('charges', [charge]), group('charters', [charter]), group('mixed', [slow, fast])]

const slowMs = 3_000
const insert = 'insert into ledger_entries (order_id, amount_cents, currency, message_id) values ($1, $2, $3, $4)'

/** `dependency` is the URL of what the charges and charters ask. */
export function handlersFor(dependency: string) {
  const ask = async (signal: AbortSignal) => {
    const { status } = await fetch(dependency, { signal })
    if (status !== 200) throw new Error(`the dependency says ${status}`)
  }
  return [
    handler(charge, { group: 'charges' }, async ({ orderId }, { db, messageId, signal }) => {
      await ask(signal)
      await db.run(insert, [orderId, 1, 'EUR', messageId])
    }),
    handler(charter, { group: 'charters' }, async ({ orderId }, { db, messageId, signal }) => {
      await ask(signal).catch((cause: unknown) => {
        throw new Unavailable('the fleet', { cause })
      })
      await db.run(insert, [orderId, 1, 'EUR', messageId])
    }),
    handler(slow, { group: 'mixed' }, async ({ orderId }, { db, messageId }) => {
      await wait(slowMs)
      await db.run(insert, [orderId, 1, 'EUR', messageId])
    }),
    handler(fast, { group: 'mixed' }, ({ orderId }, { db, messageId }) =>
      db.run(insert, [orderId, 1, 'EUR', messageId]),
    ),
  ]
}
