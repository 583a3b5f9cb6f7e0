import type { Message } from 'amqplib'
import type { DeadLetter } from '../dead-letters'
import type { DeliveryContent, GroupTopology } from '../transport'
import { readMessage } from './wire'

/** The broker's own note on a message that it parked. */
interface Death {
  readonly reason: string | undefined
  readonly at: string | undefined
  readonly exchange: string | undefined
  readonly routingKey: string | undefined
}

/** What stands on a dead letter, whoever parked it: a consumer of ours, or the broker at its delivery limit. */
export function readDeadLetter(message: Message, group: GroupTopology): DeadLetter {
  const headers = headersOf(message)
  const death = deathOf(headers)
  const content = readContent(asItCame(message), group)
  const envelope = content.kind === 'message' ? content.envelope : undefined
  const label = content.kind === 'message' ? content.envelope : content.label
  return {
    id: content.kind === 'message' ? content.envelope.id : content.id,
    source: label?.source,
    type: label?.type ?? text(message.properties.type),
    reason: text(headers['handoff-reason']) ?? death?.reason,
    error: text(headers['handoff-error']),
    stack: text(headers['handoff-stack']),
    attempts: count(headers['handoff-attempt']),
    replays: count(headers['handoff-replays']) ?? 0,
    firstSeen: text(headers['handoff-first-seen']),
    deadAt: text(headers['handoff-dead-at']) ?? death?.at,
    route: text(headers['handoff-route']) ?? routeOf(death),
    contentType: envelope?.contentType ?? text(message.properties.contentType),
    extensions: label?.extensions ?? {},
    data: envelope?.data ?? message.content,
    body: message.content,
    headers,
    properties: propertiesOf(message),
  }
}

/**
 * The message with the exchange and the routing key by which it first came: a bare one may be known by them alone, and
 * the broker puts others in their place when it parks a message itself.
 */
export function asItCame(message: Message): Message {
  const death = deathOf(headersOf(message))
  if (death?.exchange === undefined || death.routingKey === undefined) return message
  return { ...message, fields: { ...message.fields, exchange: death.exchange, routingKey: death.routingKey } }
}

/** What nobody can read is shown as it is. */
function readContent(message: Message, group: GroupTopology): DeliveryContent {
  try {
    return readMessage(message, group)
  } catch (error) {
    return { kind: 'malformed', id: text(message.properties.messageId), detail: (error as Error).message }
  }
}

function deathOf(headers: Readonly<Record<string, unknown>>): Death | undefined {
  const deaths = headers['x-death']
  const [latest] = Array.isArray(deaths) ? (deaths as unknown[]) : []
  if (typeof latest !== 'object' || latest === null) return undefined
  const note = latest as Readonly<Record<string, unknown>>
  const keys = note['routing-keys']
  return {
    reason: text(note['reason']),
    at: timeOf(note['time']),
    exchange: text(note['exchange']),
    routingKey: text(Array.isArray(keys) ? keys[0] : undefined),
  }
}

function routeOf(death: Death | undefined): string | undefined {
  return death?.exchange === undefined ? undefined : `${death.exchange}/${death.routingKey ?? ''}`
}

/** amqplib reads an AMQP timestamp, which has seconds, as `{'!': 'timestamp', value}`. */
function timeOf(timestamp: unknown): string | undefined {
  const seconds = (timestamp as { value?: unknown } | undefined)?.value
  return typeof seconds === 'number' && Math.abs(seconds) <= 8.64e12
    ? new Date(seconds * 1_000).toISOString()
    : undefined
}

function headersOf({ properties }: Message): Readonly<Record<string, unknown>> {
  return properties.headers ?? {}
}

function propertiesOf({ properties }: Message): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(properties as unknown as Record<string, unknown>).filter(
      ([name, value]) => name !== 'headers' && value !== undefined,
    ),
  )
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function count(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined
}
