import { createHmac } from 'node:crypto'

export interface Webhook {
  readonly event: string
  readonly deliveryId: string
  readonly payload: object
}

/** Calls a webhook as GitHub does, with a signature over the body by this secret. Answers with status and body. */
export async function call(url: string, { event, deliveryId, payload }: Webhook, secret: string) {
  const body = JSON.stringify(payload)
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': deliveryId,
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
    body,
  })
  const { id } = (await answer.json()) as { readonly id?: string }
  return { status: answer.status, id }
}
