import { createHmac } from 'node:crypto'

/** The headers of a provider that signs; `secret` is a secret as WEBHOOK_SECRETS has it. */
export function githubHeaders(secret: string, body: string | Buffer, event = 'push', deliveryId = 'd-1') {
  return {
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    'x-github-event': event,
    'x-github-delivery': deliveryId,
  }
}

export function stripeHeaders(secret: string, body: string | Buffer, seconds: number) {
  const hex = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex')
  return { 'stripe-signature': `t=${seconds},v1=${hex}` }
}

export function standardHeaders(secret: string, body: string | Buffer, seconds: number, id = 'msg_1') {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const digest = createHmac('sha256', key).update(`${id}.${seconds}.`).update(body).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${digest}` }
}
