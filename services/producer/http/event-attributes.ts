import { CloudEvent, ValidationError } from 'cloudevents'
import { replyExtensions } from '../../../shared/messaging/reply-line'
import { withTimesRenamed } from '../../../shared/messaging/time-spelling'
import { isoNow } from '../../../shared/runtime/iso-now'
import { ProblemError } from '../../../shared/runtime/problem-error'

/** The attributes of a valid CloudEvent; those beyond the first four are texts under their own names. */
export interface EventAttributes {
  readonly id: string
  readonly source: string
  readonly type: string
  readonly time: string
  readonly extensions: Readonly<Record<string, string>>
}

type Attributes = Pick<EventAttributes, 'id' | 'source' | 'type'> & { readonly time?: string }

const required = ['id', 'source', 'specversion', 'type'] as const
const ours: readonly string[] = Object.values(replyExtensions)
const carriedElsewhere = new Set<string>([...required, 'time', 'datacontenttype'])
const maxIdBytes = 255
const maxAttributeBytes = 16 * 1024
// CloudEvents advises 20; behind its prefix a name has to fit into an AMQP short string of 255 bytes.
const maxNameLength = 64
// What CloudEvents 1.0 keeps out of a String: control characters, surrogates without their half and noncharacters.
const forbiddenCharacter = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u

/** Checks attributes as CloudEvents 1.0 has them; throws a problem that names the wrong one. */
export function checkAttributes(given: Readonly<Record<string, unknown>>): EventAttributes {
  // JSON null means that an optional attribute is not there.
  const attributes = withTimesRenamed(Object.values(given).includes(null) ? withoutNull(given) : given)
  if (typeof attributes === 'string') throw invalid(attributes)
  refuseMissing(attributes)
  refuseOurs(attributes)
  refuseForbiddenText(attributes)
  refuseTooLong(attributes)
  const extensions = extensionsOf(attributes)
  const { id, source, type, time } = validBySdk(attributes)
  return { id, source, type, time: time ?? isoNow(), extensions }
}

function withoutNull(given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))
}

/** Before the SDK sees them: it knows other versions, and takes an event of one that it does not know for valid. */
function refuseMissing(attributes: Readonly<Record<string, unknown>>): void {
  const noText = required.find((name) => attributes[name] !== undefined && typeof attributes[name] !== 'string')
  if (noText !== undefined) throw invalid(`the attribute "${noText}" is not a text`)
  const missing = required.find((name) => typeof attributes[name] !== 'string' || attributes[name].trim() === '')
  if (missing !== undefined) throw invalid(`the required attribute "${missing}" is missing or empty`)
  const { specversion } = attributes
  if (specversion !== '1.0') throw invalid(`specversion is "${String(specversion)}"; only "1.0" is taken`)
}

/** They would send what a handler returns to wherever the caller names. */
function refuseOurs(attributes: Readonly<Record<string, unknown>>): void {
  const name = ours.find((each) => attributes[each] !== undefined)
  if (name !== undefined)
    throw invalid(`the attribute "${name}" is set by the producer; ask for the result by the header "Prefer: wait=10"`)
}

// All lone surrogates become one character on the wire, so that ids which differ here would be the same message there.
function refuseForbiddenText(attributes: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    const codePoint = typeof value === 'string' ? forbiddenCharacter.exec(value)?.[0].codePointAt(0) : undefined
    if (codePoint === undefined) continue
    const hex = codePoint.toString(16).toUpperCase().padStart(4, '0')
    throw invalid(`the attribute "${name}" holds U+${hex}; leave out control characters and what is not Unicode text`)
  }
}

function refuseTooLong(attributes: Readonly<Record<string, unknown>>): void {
  const name = Object.keys(attributes).find(({ length }) => length > maxNameLength)
  if (name !== undefined)
    throw invalid(`the attribute name "${name.slice(0, maxNameLength)}…" has more than ${maxNameLength} characters`)
  const idBytes = Buffer.byteLength(attributes['id'] as string)
  if (idBytes > maxIdBytes) throw invalid(`the id has ${idBytes} bytes; at most ${maxIdBytes} are allowed`)
  const bytes = Object.entries(attributes).reduce((sum, [key, value]) => sum + sizeOf(key) + sizeOf(value), 0)
  if (bytes > maxAttributeBytes)
    throw invalid(`the attributes have ${bytes} bytes together; at most ${maxAttributeBytes} are allowed`)
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value))
}

// Not by the SDK's constructor, which deletes from a copy of the event what it knows and freezes the rest: in a stream of
// events that was an eighth of what the main thread did.
function validBySdk(attributes: Readonly<Record<string, unknown>>): Attributes {
  try {
    CloudEvent.prototype.validate.call(attributes)
    return attributes as unknown as Attributes
  } catch (error) {
    throw invalid(reasonOf(error))
  }
}

function reasonOf(error: unknown): string {
  const first = error instanceof ValidationError && Array.isArray(error.errors) ? error.errors[0] : undefined
  if (typeof first !== 'object' || first === null) return ((error as Error).message.split('\n', 1)[0] ?? '').trim()
  const { instancePath, message } = first as { instancePath?: string; message?: string }
  return `${instancePath?.slice(1) ?? 'an attribute'} ${message ?? 'is not allowed'}`
}

function extensionsOf(attributes: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(attributes).filter(([name]) => !carriedElsewhere.has(name))
  const wrong = entries.find(
    ([, value]) => typeof value === 'object' || (typeof value === 'number' && !Number.isInteger(value)),
  )
  if (wrong !== undefined)
    throw invalid(`the attribute "${wrong[0]}" is neither a text, a whole number nor true or false`)
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
}

function invalid(why: string): ProblemError {
  return new ProblemError('invalid-event', `this is not a valid CloudEvent: ${why}`)
}
