import { isUtf8 } from 'node:buffer'
import { isJson, mediaTypeOf, parseJson, type DecodedBody } from '../messages/body'
import type { Envelope } from '../messaging/transport'
import { parseExactly } from '../runtime/exact-json'
import type { Content, KeptData } from './content'
import { readRedaction, redact, type Redaction } from './redaction'

export interface ContentSettings {
  /** Data with more bytes is left out; 0 for no contents at all. */
  readonly JOURNAL_DATA_BYTES: number
  readonly JOURNAL_REDACT?: readonly string[]
}

export type ContentKeeper = (envelope: Envelope) => Content

/** Makes of a message what the journal may keep of it; undefined where it is to keep nothing. */
export function contentKeeper({ JOURNAL_DATA_BYTES, JOURNAL_REDACT }: ContentSettings): ContentKeeper | undefined {
  if (JOURNAL_DATA_BYTES === 0) return undefined
  const redaction = readRedaction(JOURNAL_REDACT)
  return (envelope) => {
    const { id, source, type, time, contentType, extensions, data } = envelope
    return {
      ...{ id, source, type },
      ...(time !== undefined && { time }),
      ...(contentType !== undefined && { contentType }),
      attributes: redact(extensions, redaction).value as Content['attributes'],
      bytes: data.length,
      data: data.length > JOURNAL_DATA_BYTES ? tooLarge(JOURNAL_DATA_BYTES) : keptData(envelope, redaction),
    }
  }
}

function tooLarge(most: number): KeptData {
  return { kind: 'left out', because: `it has more than the ${most} bytes of JOURNAL_DATA_BYTES` }
}

/** What cannot be read cannot be redacted, and is not kept. */
function keptData({ data, contentType }: Envelope, redaction: Redaction): KeptData {
  const media = mediaTypeOf(contentType)
  const read = parseJson(data)
  if (media === 'text/plain' && isUtf8(data) && !hasFields(read))
    return { kind: 'kept', text: data.toString('utf8'), redacted: [] }
  if (media !== undefined && media !== 'text/plain' && !isJson(media))
    return { kind: 'left out', because: `${media} is neither JSON nor text` }
  if (read.kind === 'unreadable') return { kind: 'left out', because: read.detail }
  // Written anew: of a key that stands there twice, the first value is read by nobody, and would get past the redaction.
  const { value, pointers } = redact(parseExactly(data.toString('utf8')), redaction)
  return { kind: 'kept', text: JSON.stringify(value), redacted: pointers }
}

function hasFields(read: DecodedBody): boolean {
  return read.kind === 'data' && typeof read.data === 'object' && read.data !== null
}
