import type { IncomingHttpHeaders } from 'node:http'
import { isJson, mediaTypeOf, parseJson } from '../../../shared/messages/body'
import { unsupported } from '../../../shared/runtime/body-bytes'
import { ProblemError } from '../../../shared/runtime/problem-error'
import { exactMember } from '../../../shared/runtime/exact-json'
import type { GivenBody } from './read-body'

/** A CloudEvent taken apart, its attributes unchecked. */
export interface RawEvent extends GivenBody {
  readonly attributes: Readonly<Record<string, unknown>>
}

/** Takes a request apart by the CloudEvents mode it is in; throws a problem when it is in none of ours. */
export function readEvent(headers: IncomingHttpHeaders, body: Buffer): RawEvent {
  const contentType = headers['content-type']
  const media = mediaTypeOf(contentType) ?? ''
  if (media === 'application/cloudevents+json') return readStructured(body)
  if (media.startsWith('application/cloudevents'))
    throw unsupported(`"${media}" is not taken; send the event as application/cloudevents+json or with ce-* headers`)
  const attributes = attributesOf(headers)
  if (Object.keys(attributes).length > 0) return { attributes, bytes: body, contentType }
  throw invalid(
    'it is neither application/cloudevents+json nor has it ce-* headers; bare data goes to POST /messages/TYPE',
  )
}

/** Takes an event apart that is one JSON object; throws a problem when it is none. */
export function readStructured(body: Buffer): RawEvent {
  const parsed = parseJson(body)
  if (parsed.kind === 'unreadable') throw new ProblemError('unreadable-body', parsed.detail)
  if (typeof parsed.data !== 'object' || parsed.data === null || Array.isArray(parsed.data))
    throw invalid('the body is not a JSON object')
  const { data, data_base64: base64, ...attributes } = parsed.data as Record<string, unknown>
  const contentType = attributes['datacontenttype'] ?? undefined
  if (contentType !== undefined && typeof contentType !== 'string') throw invalid('datacontenttype is not a string')
  const given = base64 == null ? givenIn(parsed.data, contentType, body) : { bytes: fromBase64(base64, data) }
  return { attributes, contentType, ...given }
}

function givenIn(
  event: { readonly data?: unknown },
  contentType: string | undefined,
  body: Buffer,
): Pick<GivenBody, 'bytes' | 'json'> {
  const { data } = event
  if (data === undefined) return { bytes: Buffer.alloc(0) }
  const isText = typeof data === 'string' && contentType !== undefined && !isJson(mediaTypeOf(contentType) ?? '')
  if (isText) return { bytes: Buffer.from(data) }
  return { bytes: Buffer.from(exactMember(body.toString('utf8'), event, 'data') ?? ''), json: { data } }
}

function fromBase64(text: unknown, data: unknown): Buffer {
  if (data !== undefined) throw invalid('it has both data and data_base64')
  const bytes = Buffer.from(String(text), 'base64')
  if (typeof text !== 'string' || bytes.toString('base64') !== text) throw invalid('data_base64 is not base64')
  return bytes
}

function attributesOf(headers: IncomingHttpHeaders): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers))
    if (name.startsWith('ce-')) attributes[name.slice('ce-'.length)] = percentDecoded(String(value))
  return attributes
}

/** The HTTP binding percent-encodes attributes; many senders do not, so what is no valid encoding stays as it is. */
function percentDecoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

function invalid(why: string): ProblemError {
  return new ProblemError('invalid-event', `this is not a valid CloudEvent: ${why}`)
}
