import { webhookReceived } from '../../../shared/messages/webhook-received'
import { handler } from '../handler'

const insertWebhook =
  'insert into webhooks (provider, event, delivery_id, payload, message_id) values ($1, $2, $3, $4, $5)'

/** Keeps the webhook as it came. */
export const storeWebhook = handler(webhookReceived, { group: 'webhooks' }, async (webhook, { db, messageId }) => {
  const { provider, event, deliveryId, payload } = webhook
  await db.run(insertWebhook, [provider, event, deliveryId, JSON.stringify(payload), messageId])
})
