import type { Message, Options } from 'amqplib'
import type { DeadLetter, KeptLetter } from '../dead-letters'
import type { GroupTopology } from '../transport'
import { tableOf, type FieldTable } from './field-values'
import { headersAsRead } from './headers-as-read'
import { readDeadLetter } from './read-dead-letter'
import { identityHeaders } from './wire'
import { headersToWrite } from './written-headers'

const texts = ['contentType', 'contentEncoding', 'correlationId', 'replyTo', 'expiration', 'messageId', 'type'] as const
const parties = ['userId', 'appId', 'clusterId'] as const
/** The most that they may be. */
const numbers = new Map([
  ['deliveryMode', 2],
  ['priority', 255],
  ['timestamp', Number.MAX_SAFE_INTEGER],
])
const mostTextBytes = 255
/** What the broker counts, at each look too: nothing of the letter itself. */
const counters = /^x-(delivery|acquired)-count$/
const furtherQueues = /^B?CC$/
const pseudoQueue = 'amq.rabbitmq.reply-to'

/**
 * A letter to be kept; `table` holds its headers as they travelled. What cannot be sent again as it was is left out, such as
 * a `timestamp` in nanoseconds: with it the letter could not be put back, nor any other in its file.
 */
export function keptLetter({ body, properties }: DeadLetter, table: Buffer): KeptLetter {
  const sendable = Object.entries(properties).filter(([name, value]) => isProperty(name, value))
  return { body, properties: Object.fromEntries(sendable), headers: without(counters, tableOf(table)) }
}

/** What stands on a kept letter; throws like {@link putProperties}. */
export function readKeptLetter(kept: KeptLetter, group: GroupTopology): DeadLetter {
  return readDeadLetter(asMessage(kept), group)
}

/**
 * Properties of the message that is a kept letter again. Not among them: the headers that would send it to further
 * queues; `expiration`, by which the broker would drop it; `userId`, for which the broker takes no other than ours, so
 * that a source that goes by it is written down. Throws, with why, for what cannot be sent.
 */
export function putProperties(kept: KeptLetter): Options.Publish {
  const message = asMessage(kept)
  const { userId: _, expiration: __, clusterId: ___, ...properties } = checkedProperties(kept.properties)
  const headers = without(counters, without(furtherQueues, headersToWrite(kept.headers)))
  if (properties['replyTo'] === pseudoQueue) delete properties['replyTo']
  return {
    ...properties,
    headers: { ...headers, ...(!properties['appId'] && identityHeaders(message)) },
  }
}

function without(names: RegExp, headers: FieldTable): FieldTable {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.test(name)))
}

function asMessage({ body, properties, headers }: KeptLetter): Message {
  return {
    content: body,
    fields: { exchange: '', routingKey: '', redelivered: false, deliveryTag: 0 },
    properties: { ...checkedProperties(properties), headers: headersAsRead(headersToWrite(headers)) },
  } as unknown as Message
}

function checkedProperties(properties: KeptLetter['properties']): Record<string, unknown> {
  for (const [name, value] of Object.entries(properties))
    if (!isProperty(name, value))
      throw new Error(`there is no property "${name}" with the value ${JSON.stringify(value)} in AMQP 0-9-1`)
  return { ...properties }
}

function isProperty(name: string, value: unknown): boolean {
  const most = numbers.get(name)
  if (most !== undefined) return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= most
  const isText = ([...texts, ...parties] as readonly string[]).includes(name)
  return isText && typeof value === 'string' && Buffer.byteLength(value) <= mostTextBytes
}
