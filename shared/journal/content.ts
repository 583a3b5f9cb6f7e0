import { isKey, storable } from './key'

/** What a message carried when it was published, as the journal keeps it where JOURNAL_DATA_BYTES is above 0. */
export interface Content {
  readonly id: string
  readonly source: string
  readonly type: string
  /** RFC 3339, the message's own. */
  readonly time?: string
  readonly contentType?: string
  /** Extension attributes of the CloudEvent, before any routing rule added its own. */
  readonly attributes: Readonly<Record<string, string>>
  /** Of the data as it was sent. */
  readonly bytes: number
  readonly data: KeptData
}

/** JSON stands in `text` without spaces, with each digit of its numbers. `redacted`: RFC 6901 pointers to what was replaced. */
export type KeptData =
  | { readonly kind: 'kept'; readonly text: string; readonly redacted: readonly string[] }
  | { readonly kind: 'left out'; readonly because: string }

/** What stands in the journal in place of a value that was redacted. */
export const redactedMark = '[redacted]'

export function contentText(content: Content): string {
  return JSON.stringify(content)
}

/** Undefined for what is no content of ours, which anybody may have put there. */
export function contentOf(raw: unknown): Content | undefined {
  const { id, source, type, time, contentType, attributes, bytes, data } = (raw ?? {}) as Record<string, unknown>
  const kept = keptOf(data)
  if (!isKey(id) || !isKey(source) || !isKey(type) || kept === undefined) return undefined
  return {
    ...{ id: storable(id), source: storable(source), type: storable(type) },
    ...(typeof time === 'string' && { time }),
    ...(typeof contentType === 'string' && { contentType }),
    attributes: textsIn(attributes),
    bytes: typeof bytes === 'number' ? bytes : 0,
    data: kept,
  }
}

function keptOf(raw: unknown): KeptData | undefined {
  const { kind, text, redacted, because } = (raw ?? {}) as Record<string, unknown>
  if (kind === 'kept' && typeof text === 'string') return { kind, text, redacted: [redacted].flat().filter(isText) }
  return kind === 'left out' && typeof because === 'string' ? { kind, because } : undefined
}

function textsIn(raw: unknown): Readonly<Record<string, string>> {
  const pairs = typeof raw === 'object' && raw !== null ? Object.entries(raw) : []
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => isText(pair[1])))
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
