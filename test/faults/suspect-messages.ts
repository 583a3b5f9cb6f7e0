import { setTimeout as wait } from 'node:timers/promises'
import { Type } from 'typebox'
import { handler } from '../../services/consumer/handler'
import { group } from '../../shared/messages/group'
import { command } from '../../shared/messages/message'

/** How a handler can take its process with it. */
export const deaths = ['SIGKILL', 'exit', 'abort'] as const

const schema = Type.Object({
  orderId: Type.String(),
  workMs: Type.Optional(Type.Integer()),
  death: Type.Optional(Type.Union(deaths.map((death) => Type.Literal(death)))),
})
const description = 'Does some work, or ends the process.'
const delivery = { attempts: 3, delaysMs: [500] }

const work = command('suspect.work', schema, { description, examples: [{ orderId: '1' }], delivery })
const otherWork = command('suspect.other', schema, { description, examples: [{ orderId: '1' }], delivery })

export const groups = [group('work', [work]), group('other', [otherWork])]

const insert = 'insert into ledger_entries (order_id, amount_cents, currency, message_id) values ($1, $2, $3, $4)'

export const handlers = [work, otherWork].map((type) =>
  handler(
    type,
    { group: type === work ? 'work' : 'other' },
    async ({ orderId, workMs = 0, death }, { db, messageId, logger }) => {
      if (death !== undefined) await die(death, () => logger.info({}, 'about to die'))
      await wait(workMs)
      await db.run(insert, [orderId, 1, 'EUR', messageId])
    },
  ),
)

async function die(death: (typeof deaths)[number], tell: () => void): Promise<void> {
  tell()
  await new Promise(setImmediate)
  if (death === 'SIGKILL') process.kill(process.pid, 'SIGKILL')
  if (death === 'abort') process.abort()
  process.exit(7)
}
