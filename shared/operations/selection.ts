import type { DeadLetter } from '../messaging/dead-letters'
import { comparableJson, parseExactly } from '../runtime/exact-json'
import { failureSignature } from './failure-signature'
import { valueAt } from './json-pointer'

/** Which dead letters of a group are meant. */
export type Selection =
  | { readonly by: 'ids'; readonly ids: readonly string[] }
  | ({ readonly by: 'facts' } & LetterFacts)
  | { readonly by: 'all' }

/** Those to which everything given applies. */
export interface LetterFacts {
  readonly reason?: string | undefined
  readonly type?: string | undefined
  /** Of their failure: see `failureSignature`. */
  readonly signature?: string | undefined
  /** Parked at this time or later, RFC 3339. */
  readonly since?: string | undefined
  /** Parked before this time, RFC 3339. */
  readonly until?: string | undefined
  /** In its id or its error, whether in capitals or not. */
  readonly text?: string | undefined
  /** What their data says. */
  readonly where?: readonly FieldFact[] | undefined
}

export interface FieldFact {
  /** RFC 6901. */
  readonly pointer: string
  /** A text, or the `comparableJson` of another value. */
  readonly value: string
}

export function isSelected(selection: Selection, letter: DeadLetter): boolean {
  switch (selection.by) {
    case 'ids':
      return letter.id !== undefined && selection.ids.includes(letter.id)
    case 'facts':
      return fits(selection, letter)
    case 'all':
      return true
  }
}

function fits({ reason, type, signature, since, until, text, where = [] }: LetterFacts, letter: DeadLetter): boolean {
  return (
    isOr(reason, letter.reason) &&
    isOr(type, letter.type) &&
    (signature === undefined || failureSignature(letter) === signature) &&
    isWithin({ since, until }, letter.deadAt) &&
    (text === undefined || hasText(text, letter)) &&
    (where.length === 0 || hasFields(where, letter.data))
  )
}

function isOr(wanted: string | undefined, found: string | undefined): boolean {
  return wanted === undefined || wanted === found
}

/** One that does not say when it died is within no time. */
function isWithin({ since, until }: Pick<LetterFacts, 'since' | 'until'>, deadAt: string | undefined): boolean {
  if (since === undefined && until === undefined) return true
  const at = Date.parse(deadAt ?? '')
  return !(at < Date.parse(since ?? '')) && !(at >= Date.parse(until ?? '')) && !Number.isNaN(at)
}

function hasText(text: string, { id = '', error = '' }: DeadLetter): boolean {
  const wanted = text.toLowerCase()
  return [id, error].some((each) => each.toLowerCase().includes(wanted))
}

function hasFields(where: readonly FieldFact[], bytes: Buffer): boolean {
  const data = dataOf(bytes)
  return where.every(({ pointer, value }) => {
    const found = valueAt(data, pointer)
    return found !== undefined && (found === value || comparableJson(found) === value)
  })
}

/** A text that is no JSON is itself the data. Read exactly: as doubles, ids of 64 bits would be those of their neighbours. */
function dataOf(bytes: Buffer): unknown {
  const text = bytes.toString('utf8')
  try {
    return parseExactly(text)
  } catch {
    return text
  }
}
