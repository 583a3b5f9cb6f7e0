import { webhookReceived } from '../../shared/messages/webhook-received'
import { handler, type Handler } from '../../services/consumer/handler'

const insertReaction = 'insert into reactions (by_group, event, delivery_id) values ($1, $2, $3)'

const reactionOf = (group: string) =>
  handler(webhookReceived, { group }, async ({ event, deliveryId }, { db }) => {
    await db.run(insertReaction, [group, event, deliveryId])
  })

export const handlers: readonly Handler[] = ['deploy', 'announce', 'audit'].map(reactionOf)
