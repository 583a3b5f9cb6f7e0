/** Copies of a delivery that a consumer puts back through the requeue exchange: retried, parked, or given an id. */
import type { Message, Options } from 'amqplib'
import type { Failure } from '../transport'
import { attemptHeaders, historyHeaders, type History } from './history'
import type { Received } from './received'
import { identityHeaders, isIdentityHeader } from './wire'

const maxMessageBytes = 1_024
const maxStackBytes = 8_192
// amqplib refuses a header table over 64 KiB; ours need room beside a foreign client's.
const maxForeignBytes = 40_000
const maxIdentityBytes = 4_096

/** Properties of the copy that waits in a delay tier. The type travels along, since coming back rewrites the routing key. */
export function retryProperties(
  message: Message,
  history: History,
  failure: Failure,
  type: string | undefined,
): Options.Publish {
  return {
    ...carried(message, type),
    headers: {
      ...carriedHeaders(message, history),
      'handoff-attempt': history.failures + 2,
      'handoff-reason': failure.reason,
      'handoff-error': errorText(failure),
      ...attemptHeaders(failure.attempt),
    },
  }
}

/** What a dead letter says of its parking. `attempt` is the last one. */
export interface Parked {
  readonly attempt: number
  readonly group: string
  readonly at: Date
  readonly type: string | undefined
}

/** Properties of the dead letter: the message as it was, with why, where, when and after how many attempts. */
export function deadProperties(message: Message, history: History, failure: Failure, parked: Parked): Options.Publish {
  return {
    ...carried(message, parked.type),
    headers: {
      ...carriedHeaders(message, history),
      'handoff-attempt': parked.attempt,
      'handoff-reason': failure.reason,
      'handoff-error': errorText(failure),
      'handoff-error-class': failure.errorClass,
      ...(failure.stack === undefined ? {} : { 'handoff-stack': cut(failure.stack, maxStackBytes) }),
      'handoff-group': parked.group,
      'handoff-dead-at': parked.at.toISOString(),
      ...attemptHeaders(failure.attempt),
    },
  }
}

/** Properties of the copy of a bare message that gives it an id, so that its redelivery can be recognised. */
export function stampedProperties(
  message: Message,
  history: History,
  id: string,
  type: string | undefined,
): Options.Publish {
  return {
    ...carried(message, type),
    messageId: id,
    headers: {
      ...carriedHeaders(message, history),
      'handoff-attempt': history.failures + 1,
    },
  }
}

/** Properties of the copy that takes a delivery's place as it is, for the broker to count its returns from 0 again. */
export function renewedProperties(message: Message, history: History): Options.Publish {
  return {
    ...carried(message, undefined),
    headers: {
      ...carriedHeaders(message, history),
      'handoff-attempt': history.failures + 1,
      'handoff-returns': history.returns,
      ...attemptHeaders(history.previous),
    },
  }
}

/**
 * For a copy that goes into the queue that its message came from: among urgent ones it keeps what the broker orders them by.
 * Without, one that makes way would come back before others that are less urgent to the broker than what says nothing.
 */
export function withItsPriority(properties: Options.Publish, { message, lane }: Pick<Received, 'message' | 'lane'>) {
  const { priority } = message.properties as { priority?: number }
  return lane === 'urgent' && priority !== undefined ? { ...properties, priority } : properties
}

/** What is left of a copy that cannot be put into frames: what it is known by, our short headers, the fields that have room. */
export function bareProperties({
  headers,
  messageId,
  type,
  contentType,
  expiration,
}: Options.Publish): Options.Publish {
  const kept = Object.entries((headers ?? {}) as Record<string, unknown>).filter(([name, value]) =>
    isIdentityHeader(name)
      ? sizeOf(value) <= maxIdentityBytes
      : name.startsWith('handoff-') && name !== 'handoff-stack' && isShort(value),
  )
  return {
    ...shortTexts({ messageId, type, contentType, expiration }),
    headers: { ...Object.fromEntries(kept), 'handoff-headers-cut': true },
    persistent: true,
  }
}

/**
 * Properties that a copy keeps. Not among them: `user_id` and a pseudo `reply_to`, which the broker checks and answers
 * by closing the channel; `expiration`, which would drop the copy; `priority`, which {@link withItsPriority} gives back where it has a place.
 */
export function carried({ properties }: Message, type: string | undefined): Options.Publish {
  const { messageId, contentType, contentEncoding, correlationId, appId, timestamp } = properties as unknown as Record<
    string,
    unknown
  >
  const texts = {
    messageId,
    contentType,
    contentEncoding,
    correlationId,
    appId,
    type: type ?? (properties.type as unknown),
  }
  const at = Number.isSafeInteger(timestamp) && Number(timestamp) >= 0 ? { timestamp: Number(timestamp) } : {}
  return { ...shortTexts(texts), ...at, persistent: true }
}

/** What every copy keeps of a delivery: its foreign headers, what it is known by, and its history. */
function carriedHeaders(message: Message, history: History): Record<string, unknown> {
  return { ...foreignHeaders(message), ...identityHeaders(message), ...historyHeaders(history) }
}

/**
 * Headers of a message that are neither ours nor the broker's, and the mark that some were cut off it before. CC and BCC
 * would send the copy to further queues; x-death is counted on by 3.10 when a client sends it.
 */
export function foreignHeaders({ properties }: Message): Record<string, unknown> {
  const entries = Object.entries((properties.headers ?? {}) as Record<string, unknown>).filter(
    ([name]) => !/^(x-|handoff-(?!headers-cut$)|CC$|BCC$)/.test(name),
  )
  if (Buffer.byteLength(JSON.stringify(entries)) <= maxForeignBytes) return Object.fromEntries(entries)
  const identity = entries.filter(([name, value]) => isIdentityHeader(name) && sizeOf(value) <= maxIdentityBytes)
  const small = entries.filter(([, value]) => isShort(value)).slice(0, 60)
  return { ...Object.fromEntries([...small, ...identity]), 'handoff-headers-cut': true }
}

function errorText({ errorClass, message }: Failure): string {
  return cut(`${errorClass}: ${message}`, maxMessageBytes)
}

/** Cuts at a whole character: half of one would be refused as invalid UTF-8 by readers of the dead letter. */
function cut(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= maxBytes) return text
  let end = maxBytes - 3
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return `${bytes.toString('utf8', 0, end)}…`
}

/** AMQP's short strings hold 255 bytes; what another client squeezed in may need more once it was read as text. */
function shortTexts(texts: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => isShort(value) && value !== '')) as Record<
    string,
    string
  >
}

/** Of a text; what is none has no size that would do. */
function sizeOf(value: unknown): number {
  return typeof value === 'string' ? Buffer.byteLength(value) : Infinity
}

function isShort(value: unknown): boolean {
  return typeof value === 'number'
    ? Number.isSafeInteger(value)
    : typeof value === 'string' && Buffer.byteLength(value) <= 255
}
