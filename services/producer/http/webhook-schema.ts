import type { FastifySchema } from 'fastify'
import type { SchemeName } from '../webhooks/schemes'
import type { WebhookProvider } from '../webhooks/secrets'
import { response } from './openapi-schemas'

const headersOf: Record<SchemeName, readonly string[]> = {
  github: ['x-hub-signature-256', 'x-github-event', 'x-github-delivery'],
  stripe: ['stripe-signature'],
  standard: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
}

/** The documents' view of a provider's webhooks. */
export function webhookSchema({ name, scheme }: Pick<WebhookProvider, 'name' | 'scheme'>): FastifySchema {
  const headers = headersOf[scheme]
  return {
    operationId: `receive_webhook_${name.replaceAll('-', '_')}`,
    summary: `Webhooks of ${name}`,
    description: `Signed as ${scheme} has it, which takes the place of an API key. Becomes webhook.received, with the body as its payload.`,
    tags: ['webhooks'],
    security: [],
    headers: {
      type: 'object',
      required: headers,
      properties: Object.fromEntries(headers.map((header) => [header, { type: 'string' }])),
    },
    body: { content: { 'application/json': { schema: { type: 'object' } } } },
    response,
  }
}
