import { decodeBody, isJson, mediaTypeOf } from '../../../shared/messages/body'
import { contentTypeOf, type MessageType } from '../../../shared/messages/message'
import { shapeErrors } from '../../../shared/messages/shape'
import { unsupported } from '../../../shared/runtime/body-bytes'
import { ProblemError } from '../../../shared/runtime/problem-error'

/** Data that fits its type, and the bytes that will travel. */
export interface MessageBody {
  readonly data: unknown
  readonly bytes: Buffer
  readonly contentType: string
}

/** Bytes as they came, or as they would have come alone. */
export interface GivenBody {
  readonly bytes: Buffer
  readonly contentType: string | undefined
  /** What they are as JSON, where somebody has read them before. */
  readonly json?: { readonly data: unknown } | undefined
}

/**
 * Reads bytes as the data of a type. JSON travels on byte by byte as it came; a text travels as text, also when it
 * came as a JSON string. Throws a problem for a wrong media type, unreadable bytes and data of the wrong shape.
 */
export function readBody(type: MessageType, { bytes, contentType, json }: GivenBody): MessageBody {
  refuseMediaType(type, contentType)
  const decoded = decodeBody(bytes, contentType, type, json && (() => ({ kind: 'data', data: json.data })))
  if (decoded.kind === 'unreadable') throw new ProblemError('unreadable-body', decoded.detail)
  const { data } = decoded
  const errors = shapeErrors(type, data)
  if (errors.length > 0)
    throw new ProblemError('invalid-data', `the data does not fit "${type.name}"`, { members: { errors } })
  if (contentTypeOf(type) === 'text/plain') return { data, bytes: textBytes(data as string), contentType: 'text/plain' }
  return { data, bytes, contentType: mediaTypeOf(contentType) ?? 'application/json' }
}

// JSON can spell half of a character, UTF-8 cannot: it would travel as another text than the one that was sent.
function textBytes(text: string): Buffer {
  if (!text.isWellFormed())
    throw new ProblemError('unreadable-body', 'the text holds half of a character (a lone surrogate)')
  return Buffer.from(text)
}

// RFC 6838: two restricted names of at most 127 characters, which together fit into AMQP's content_type.
const restrictedNames = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/

function refuseMediaType(type: MessageType, contentType: string | undefined): void {
  const media = mediaTypeOf(contentType)
  if (media === undefined) return
  if (!restrictedNames.test(media)) throw unsupported('the media type of the data is not one by RFC 6838')
  // It travels with the data, and would make the consumer look for a whole event in it.
  if (media.startsWith('application/cloudevents'))
    throw unsupported(`"${media}" is not data but a whole event; send it to POST /messages`)
  const takesText = contentTypeOf(type) === 'text/plain'
  if (!isJson(media) && !(media === 'text/plain' && takesText))
    throw unsupported(
      `"${media}" cannot carry "${type.name}"; send ${takesText ? 'text/plain or ' : ''}application/json`,
    )
  if (media.length === contentType?.length) return
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? '')?.[1]
  if (charset !== undefined && !/^(utf-?8|us-ascii)$/i.test(charset))
    throw unsupported(`the charset "${charset}" is not taken; send UTF-8`)
}
