import { isUtf8 } from 'node:buffer'
import type { Message } from 'amqplib'

/** A CloudEvent in structured mode: its attributes as text, and its data as the bytes binary mode would carry. */
export type Structured =
  | { readonly kind: 'event'; readonly attributes: Readonly<Record<string, string>>; readonly data: Buffer }
  | { readonly kind: 'malformed'; readonly detail: string }

/** Whether the content type says so; the body need not be one. */
export function isStructured({ properties }: Message): boolean {
  const contentType = (properties as { contentType?: unknown }).contentType
  return typeof contentType === 'string' && /^application\/cloudevents\+json\s*(;|$)/i.test(contentType)
}

/** Undefined when the message is not in structured mode. Throws for data too deep to be written down again. */
export function readStructured(message: Message): Structured | undefined {
  if (!isStructured(message)) return undefined
  const event = parseObject(message.content)
  if (event === undefined) return { kind: 'malformed', detail: 'the body is not a CloudEvent in JSON' }
  const data = dataOf(event)
  if (data === undefined) return { kind: 'malformed', detail: 'data_base64 of the CloudEvent is not a string' }
  return { kind: 'event', attributes: textsOf(event), data }
}

function parseObject(bytes: Buffer): Record<string, unknown> | undefined {
  if (!isUtf8(bytes)) return undefined
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

function dataOf({ data, data_base64, datacontenttype }: Record<string, unknown>): Buffer | undefined {
  if (data_base64 !== undefined) return typeof data_base64 === 'string' ? Buffer.from(data_base64, 'base64') : undefined
  if (data === undefined) return Buffer.alloc(0)
  // By the JSON format, section 3.1.1, a string beside a content type that is not JSON is the data itself.
  const isJson = typeof datacontenttype !== 'string' || /^[^;]*(\/|\+)json\s*(;|$)/i.test(datacontenttype)
  return typeof data === 'string' && !isJson ? Buffer.from(data) : Buffer.from(JSON.stringify(data))
}

function textsOf(event: Record<string, unknown>): Record<string, string> {
  const texts: Record<string, string> = { datacontenttype: 'application/json' }
  for (const [name, value] of Object.entries(event))
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      texts[name] = String(value)
  return texts
}
