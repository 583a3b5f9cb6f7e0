import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify'
import { isJson, mediaTypeOf } from '../../../shared/messages/body'
import type { MessageType } from '../../../shared/messages/message'
import { bytesOf, unsupported } from '../../../shared/runtime/body-bytes'
import { ProblemError } from '../../../shared/runtime/problem-error'
import { SettingsError } from '../../../shared/runtime/settings-error'
import type { Accept } from '../accept'
import { keyedMessageId } from '../message-id'
import { answerTo } from '../outcome'
import type { Delivery, Refusal, Unusable } from '../webhooks/scheme'
import { schemes } from '../webhooks/schemes'
import type { WebhookProvider } from '../webhooks/secrets'
import { answer } from './answer'
import { linksOf } from './message-links'
import { sealed } from './sealed'
import { webhookBody } from './webhook-body'
import { webhookSchema } from './webhook-schema'

export interface PostWebhookParts {
  readonly catalogue: readonly MessageType[]
  readonly providers: readonly WebhookProvider[]
  readonly accept: Accept
  readonly namespace: string
  /** The `source` of messages that come as bare data. */
  readonly source: string
  /** The most that a message's data may have, in bytes. */
  readonly bodyLimit: number
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Called for each signature that was refused, with the name of its provider. */
  readonly refused: (provider: string) => void
}

type Route = PostWebhookParts & { readonly provider: WebhookProvider; readonly type: MessageType }

const typeName = 'webhook.received'
const config = { authentication: 'signature' } as const

/**
 * `POST /webhooks/NAME` for every provider whose secret we have; none without any. Throws a SettingsError where there are
 * providers, but the catalogue has no message for them.
 */
export function addPostWebhook(app: FastifyInstance, parts: PostWebhookParts): void {
  if (parts.providers.length === 0) return
  const type = parts.catalogue.find(({ name }) => name === typeName)
  if (type === undefined)
    throw new SettingsError([
      `WEBHOOK_SECRETS is set, and the catalogue has no message type "${typeName}"; add one, or remove the setting`,
    ])
  for (const provider of parts.providers)
    app.post(`/webhooks/${provider.name}`, { schema: webhookSchema(provider), config }, (request, reply) =>
      answer(reply, postWebhook(request, { ...parts, provider, type })),
    )
  // Without a key, as the others: a provider whose secret is missing here shall learn that it is not the key.
  const refuse: onRequestHookHandler = ({ params }, _reply, done) =>
    done(new ProblemError('not-found', `no webhooks are taken at /webhooks/${(params as { name: string }).name}`))
  // Before its body has come: anybody can send one.
  app.post('/webhooks/:name', { schema: { hide: true }, config, onRequest: refuse }, () => undefined)
}

async function postWebhook(request: FastifyRequest, route: Route) {
  const { provider, type } = route
  request.facts.webhook = { provider: provider.name }
  const raw = jsonOf(request)
  const delivery = delivered(request, raw, route)
  const body = webhookBody(type, raw, { request, provider: provider.name, delivery, limit: route.bodyLimit })
  const id = keyedMessageId(`webhooks/${provider.name}`, delivery.messageKey)
  const source = `/${route.namespace}/webhooks/${provider.name}`
  request.facts.message = { id, type: type.name }
  const result = await route.accept(sealed(request, { id, type, body, source }))
  request.facts.result = result
  return answerTo(result, { id, type: type.name, links: linksOf({ id, source }, route.source) })
}

function jsonOf(request: FastifyRequest): Buffer {
  const media = mediaTypeOf(request.headers['content-type'])
  if (media !== undefined && !isJson(media))
    throw unsupported(`"${media}" is not taken here; let the provider send its webhooks as application/json`)
  return bytesOf(request)
}

/** Throws a problem for whatever is no delivery, and tells of one that is not from the provider. */
function delivered(request: FastifyRequest, body: Buffer, { provider, now, refused }: Route): Delivery {
  const { name, scheme, secrets } = provider
  const verdict = schemes[scheme]({ headers: request.headers, body, secrets, nowMs: now() })
  if (verdict.kind === 'delivered') return verdict
  if (verdict.kind === 'refused') {
    request.facts.webhook = { provider: name, why: verdict.why }
    refused(name)
  }
  throw problemOf(verdict)
}

function problemOf(verdict: Refusal | Unusable): ProblemError {
  const { kind, detail } = verdict
  switch (kind) {
    case 'refused':
      return new ProblemError('invalid-signature', detail, { headers: { 'www-authenticate': 'Signature' } })
    case 'unreadable':
      return new ProblemError('unreadable-body', detail)
    case 'incomplete':
      return new ProblemError('invalid-data', detail, {
        members: { errors: [{ pointer: verdict.pointer, detail, keyword: 'required' }] },
      })
  }
}
