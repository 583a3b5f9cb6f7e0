/**
 * A reply in AMQP's words: `correlation_id` is the message's id, `type` says what it is, the rest are headers of ours.
 * A consumer in another language can write one by hand (docs/how-to/wait-for-the-result.md).
 */
import type { ConsumeMessage, Options } from 'amqplib'
import type { Reply, ReplyOutcome } from '../reply-line'

const outcomes: readonly string[] = ['processed', 'duplicate', 'filtered', 'dead'] satisfies ReplyOutcome[]
const shortStringBytes = 255

export function replyProperties(reply: Reply, appId: string): Options.Publish {
  const { id, source, token, group, outcome, reason, omitted, body } = reply
  return {
    appId,
    type: 'handoff.reply',
    persistent: true,
    ...(body.length > 0 && { contentType: 'application/json' }),
    ...(Buffer.byteLength(id) <= shortStringBytes && { correlationId: id }),
    headers: {
      'handoff-source': source,
      'handoff-reply-id': token,
      'handoff-group': group,
      'handoff-outcome': outcome,
      ...(reason !== undefined && { 'handoff-reason': reason }),
      ...(omitted !== undefined && { 'handoff-omitted': omitted }),
    },
  }
}

/** Undefined for what is no reply: anybody with the rights may put anything into the queue. */
export function readReply({ properties, content }: ConsumeMessage): Reply | undefined {
  const headers = (properties.headers ?? {}) as Readonly<Record<string, unknown>>
  const id = properties.correlationId as unknown
  const texts = ['handoff-source', 'handoff-reply-id', 'handoff-group', 'handoff-outcome'].map((name) => headers[name])
  if (![id, ...texts].every((text) => typeof text === 'string')) return undefined
  const [source, token, group, outcome] = texts as [string, string, string, string]
  if (!outcomes.includes(outcome)) return undefined
  return {
    id: id as string,
    source,
    token,
    group,
    outcome: outcome as ReplyOutcome,
    reason: headers['handoff-reason'] as Reply['reason'],
    body: content,
    omitted: headers['handoff-omitted'] as Reply['omitted'],
  }
}
