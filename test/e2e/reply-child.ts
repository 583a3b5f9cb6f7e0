/** Producer or consumer as it is built, but for a command more, which comes to the end that its data names. */
import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { Type } from 'typebox'
import { startProducer } from '../../services/producer/app'
import { readProducerConfig } from '../../services/producer/config'
import { consumerOf } from '../../services/consumer/app'
import { readConfig } from '../../services/consumer/config'
import { handler, type HandlerContext, type HandlerOptions } from '../../services/consumer/handler'
import { handlers } from '../../services/consumer/handlers/all'
import { Reject } from '../../services/consumer/reject'
import { catalogue } from '../../shared/messages/catalogue'
import { group } from '../../shared/messages/group'
import { groups } from '../../shared/messages/groups'
import { command, type MessageType } from '../../shared/messages/message'
import { orderPlaced } from '../../shared/messages/order-placed'
import { runService } from '../../shared/runtime/run-service'

const [service, gate = ''] = process.argv.slice(2)
const taskOf = (name: string) =>
  command(name, Type.Object({ task: Type.String(), end: Type.String() }), {
    description: 'Comes to an end.',
    examples: [{ task: '1', end: 'returns' }],
    delivery: { attempts: 2, delaysMs: [100] },
  })
const [task, chat] = [taskOf('task.run'), taskOf('task.chat')]
;(catalogue as MessageType[]).push(task, chat)
groups.push(group('tasks', [task, chat]))

const insertMail = 'insert into mails (recipient, subject, message_id) values ($1, $2, $3)'

const run = async (
  { task: name, end }: { task: string; end: string },
  { db, attempt, messageId, signal }: HandlerContext,
) => {
  await db.run(insertMail, ['tasks', name, messageId])
  if (end === 'rejects') throw new Reject(`nobody does ${name}`)
  if (end === 'fails' || (end === 'fails once' && attempt === 1)) throw new Error('secret of the house')
  while (end === 'waits' && !existsSync(gate)) await pause(20, undefined, { signal })
  return { did: name, attempt }
}
const handled = (type: typeof task, transaction: NonNullable<HandlerOptions['transaction']>) =>
  handler(type, { group: 'tasks', transaction }, run)
const numbered = handler(orderPlaced, { group: 'ledger' }, ({ orderId }) => Promise.resolve({ entry: orderId }))
const others = handlers.filter((each) => each.group !== 'ledger')

if (service === 'producer')
  void runService(startProducer, {
    name: 'producer',
    settings: () => readProducerConfig({ environment: process.env }),
  })
else
  void runService(
    consumerOf({
      groups,
      handlers: [...others, numbered, handled(task, 'collected'), handled(chat, 'interactive')],
    }),
    { name: 'consumer', settings: () => readConfig({ environment: process.env }) },
  )
