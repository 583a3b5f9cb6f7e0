import { isUtf8 } from 'node:buffer'
import { contentTypeOf, type MessageType } from './message'

/** Bytes that were read as data, or the reason why they cannot be. */
export type DecodedBody =
  { readonly kind: 'data'; readonly data: unknown } | { readonly kind: 'unreadable'; readonly detail: string }

const maxDepth = 64
const protoRefusal = 'the key "__proto__" is not allowed'

/**
 * Reads a body as the data of a type. `text/plain` is data only for a string schema; a body without content type is
 * JSON if it parses, else text if the schema is a string. `asJson` reads its JSON, where that need not be done again.
 */
export function decodeBody(
  bytes: Buffer,
  contentType: string | undefined,
  type: MessageType,
  asJson = () => parseJson(bytes),
): DecodedBody {
  const isText = contentTypeOf(type) === 'text/plain'
  const media = mediaTypeOf(contentType)
  if (media === undefined) {
    const parsed = asJson()
    return parsed.kind === 'data' || !isText ? parsed : parseText(bytes)
  }
  if (isJson(media)) return asJson()
  if (media === 'text/plain' && isText) return parseText(bytes)
  return unreadable(
    `content type "${media}" cannot carry "${type.name}"; use ${isText ? 'text/plain or ' : ''}application/json`,
  )
}

/** What was read last: callers mostly send the same again. */
let lastRead: { readonly contentType: string; readonly media: string | undefined } | undefined

/** The media type in lower case without parameters, or undefined where none is given. */
export function mediaTypeOf(contentType: string | undefined): string | undefined {
  if (contentType === undefined) return undefined
  if (contentType !== lastRead?.contentType) {
    const media = contentType.split(';', 1)[0]?.trim().toLowerCase()
    lastRead = { contentType, media: media === '' ? undefined : media }
  }
  return lastRead.media
}

/** Whether a media type is JSON by RFC 6839: `application/json`, `text/json` or any `+json`. */
export function isJson(media: string): boolean {
  return media === 'application/json' || media === 'text/json' || media.endsWith('+json')
}

/** JSON bytes as data; refuses invalid UTF-8, nesting deeper than 64 and `__proto__` keys before anyone can trip over them. */
export function parseJson(bytes: Buffer): DecodedBody {
  if (bytes.length === 0) return unreadable('the body is empty, which is not JSON')
  if (!isUtf8(bytes)) return unreadable('the body is not valid UTF-8')
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return unreadable('the body is not JSON: it begins with a byte order mark')
  if (deeperThan(maxDepth, bytes)) return unreadable(`the JSON is nested deeper than ${maxDepth} levels`)
  try {
    const text = bytes.toString('utf8')
    // A reviver costs as much as the parse itself, so it only runs on a body that could hold the key, escaped or not.
    return { kind: 'data', data: JSON.parse(text, mayHoldProto(text) ? refuseProto : undefined) }
  } catch (error) {
    return unreadable(whyNotJson(error as Error))
  }
}

// The engine's own message quotes the body, which may be secret and would end up in logs: only the place is kept.
function whyNotJson({ message }: Error): string {
  if (message.includes('__proto__')) return protoRefusal
  const place = /at position \d+/.exec(message)?.[0]
  return place === undefined ? 'the body is not JSON' : `the body is not JSON, ${place}`
}

function parseText(bytes: Buffer): DecodedBody {
  return isUtf8(bytes) ? { kind: 'data', data: bytes.toString('utf8') } : unreadable('the body is not valid UTF-8')
}

function unreadable(detail: string): DecodedBody {
  return { kind: 'unreadable', detail }
}

function mayHoldProto(text: string): boolean {
  return text.includes('__proto__') || text.includes('\\u')
}

function refuseProto(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new Error(protoRefusal)
  return value
}

const quote = 0x22
const backslash = 0x5c

function deeperThan(limit: number, bytes: Buffer): boolean {
  let depth = 0
  let inString = false
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (inString) {
      if (byte === backslash) i++
      else if (byte === quote) inString = false
    } else if (byte === quote) inString = true
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > limit) return true
    } else if (byte === 0x7d || byte === 0x5d) depth--
  }
  return false
}
