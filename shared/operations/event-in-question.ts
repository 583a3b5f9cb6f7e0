import { parseJson } from '../messages/body'
import type { MessageType } from '../messages/message'
import { shapeErrors, type ShapeError } from '../messages/shape'
import { refusedPriority } from '../messaging/given-priority'
import { priorityName } from '../messaging/priority'
import { withTimesRenamed } from '../messaging/time-spelling'
import { refusedTiming } from '../messaging/timing'
import type { RoutedEvent } from '../routing/routed-event'
import { nearestName } from '../runtime/nearest-name'

/** A message that somebody asks about, or why there is nothing to ask. */
export type EventInQuestion =
  | { readonly kind: 'event'; readonly type: MessageType; readonly event: RoutedEvent }
  | { readonly kind: 'unreadable' | 'malformed' | 'unknown type'; readonly detail: string }
  | { readonly kind: 'invalid data'; readonly detail: string; readonly errors: readonly ShapeError[] }

interface QuestionParts {
  readonly catalogue: readonly MessageType[]
  /** Where a message comes from that does not say. */
  readonly source: string
  /** RFC 3339; when a message was made that does not say, and from when on its times are counted. */
  readonly now: string
}

/**
 * Reads a structured CloudEvent as JSON, of which `type` and `data` are enough. What the door refuses for its times or its
 * priority is malformed.
 */
export function eventInQuestion(json: Buffer, { catalogue, source, now }: QuestionParts): EventInQuestion {
  const parsed = parseJson(json)
  if (parsed.kind === 'unreadable') return parsed
  if (typeof parsed.data !== 'object' || parsed.data === null || Array.isArray(parsed.data))
    return malformed('it is no JSON object; give an event such as {"type":"order.placed","data":{}}')
  const { data, datacontenttype: _, specversion, ...given } = parsed.data as Readonly<Record<string, unknown>>
  if (specversion !== undefined && specversion !== '1.0') return malformed('specversion is not "1.0"')
  if (given['data_base64'] !== undefined) return malformed('it has data_base64; give the data as JSON in its place')
  const attributes = textsOf(given)
  if (typeof attributes === 'string') return malformed(attributes)
  const { id = 'unnamed', type: name, source: from = source, time = now, ...extensions } = attributes
  if (name === undefined) return malformed('it has no type; give an event such as {"type":"order.placed","data":{}}')
  const type = catalogue.find((each) => each.name === name)
  if (type === undefined) return unknownType(name, catalogue)
  if (!rfc3339.test(time) || Number.isNaN(Date.parse(time)))
    return malformed(`time is ${JSON.stringify(time)}, which is no RFC 3339 time`)
  const refusal = refusedTiming(extensions, Date.parse(now)) ?? unusablePriority(type, extensions)
  if (refusal !== undefined) return malformed(refusal)
  return checked(type, { id, source: from, type: name, time, extensions, data })
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i

/** The attributes as texts, or what is wrong with one. JSON null means that it is not there. */
function textsOf(given: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> | string {
  const renamed = withTimesRenamed(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)))
  if (typeof renamed === 'string') return renamed
  const entries = Object.entries(renamed)
  const strange = entries.find(([name]) => !/^[a-z0-9]{1,64}$/.test(name))
  if (strange !== undefined) return `"${strange[0]}" is no attribute's name; use lower-case letters and digits`
  const wrong = entries.find(
    ([, value]) => typeof value !== 'string' && typeof value !== 'boolean' && !Number.isInteger(value),
  )
  if (wrong !== undefined) return `the attribute "${wrong[0]}" is neither a text, a whole number nor true or false`
  const empty = entries.find(([name, value]) => (name === 'id' || name === 'source') && value === '')
  if (empty !== undefined) return `the attribute "${empty[0]}" is empty`
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
}

function checked(type: MessageType, event: RoutedEvent): EventInQuestion {
  const errors = shapeErrors(type, event.data)
  if (errors.length === 0) return { kind: 'event', type, event }
  const told = errors.map(({ pointer, detail }) => `${pointer || '/'} ${detail}`).join('; ')
  return { kind: 'invalid data', detail: `the data does not fit "${type.name}": ${told}`, errors }
}

function unusablePriority(type: MessageType, extensions: RoutedEvent['extensions']): string | undefined {
  const { [priorityName]: priority, partitionkey: key } = extensions
  const refusal = refusedPriority({ priority, key, type })
  return refusal && `the priority cannot be used: ${refusal}`
}

function unknownType(name: string, catalogue: readonly MessageType[]): EventInQuestion {
  const nearest = nearestName(
    name,
    catalogue.map((each) => each.name),
  )
  const detail = `there is no message type "${name}"${nearest === undefined ? '' : `; did you mean "${nearest}"?`}`
  return { kind: 'unknown type', detail }
}

function malformed(detail: string): EventInQuestion {
  return { kind: 'malformed', detail }
}
