import type { KnownContent } from '../../views/content'
import type { ContractView } from '../../views/contract'
import { isJson, prettyJson } from './json-text'

/** What a form begins with. */
export interface Draft {
  /** JSON, as it is to be sent. */
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
  /** Extension attributes, beside those that headers stand for. */
  readonly attributes: Readonly<Record<string, string>>
  /** Pointers to what has to be filled in. */
  readonly missing: readonly string[]
}

/** Attributes that are a header of a sender. */
const headerOf: Readonly<Record<string, string>> = { partitionkey: 'handoff-key', priority: 'handoff-priority' }
/** What was of that one sending alone. */
const notAgain = /^(traceparent|tracestate|deliverat|replyto|replyid|correlationid|causationid|handoff.*)$/

interface SentBefore {
  readonly id: string
  /** The id of the first message of the whole that it belongs to. */
  readonly correlationId: string | undefined
}

/** A message as a draft of another that follows from it; undefined where its data is not known, or is no JSON any more. */
export function draftOf(
  { id, correlationId }: SentBefore,
  content: KnownContent,
  contract: Pick<ContractView, 'contentType'>,
): Draft | undefined {
  const { text, redacted, attributes } = content
  if (text === undefined) return undefined
  const json =
    contract.contentType === 'text/plain' && content.contentType?.startsWith('text/') === true
      ? JSON.stringify(text)
      : text
  if (!isJson(json)) return undefined
  const given = Object.entries(attributes).filter(([name]) => !notAgain.test(name))
  const [asHeaders, others] = [given.filter(isHeader), given.filter((each) => !isHeader(each))]
  return {
    text: redacted.length === 0 ? (prettyJson(json) ?? json) : JSON.stringify(without(json, redacted), null, 2),
    headers: Object.fromEntries(asHeaders.map(([name, value]) => [headerOf[name] ?? name, value])),
    attributes: { ...Object.fromEntries(others), correlationid: correlationId ?? id, causationid: id },
    missing: redacted,
  }
}

function isHeader([name]: readonly [string, string]): boolean {
  return Object.hasOwn(headerOf, name)
}

/** The data without what stands at these pointers, so that nobody sends a mark in place of a value. */
function without(json: string, pointers: readonly string[]): unknown {
  const data = JSON.parse(json) as unknown
  for (const pointer of pointers) {
    const path = pointer
      .split('/')
      .slice(1)
      .map((each) => each.replaceAll('~1', '/').replaceAll('~0', '~'))
    const last = path.pop() ?? ''
    const holder = path.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], data)
    if (Array.isArray(holder)) holder[Number(last)] = null
    else if (typeof holder === 'object' && holder !== null) Reflect.deleteProperty(holder, last)
  }
  return data
}
