import { nearestName } from '../../../shared/runtime/nearest-name'
import type { MessageRow } from '../views/message-row'
import { comparisons, texts, type Matches } from './fields'

/** What is wrong with a filter, and what would be right. */
export class FilterError extends Error {
  override readonly name = 'FilterError'
}

const mostTerms = 20
const longestText = 1_000

/**
 * Reads a filter such as `type:order.* state:dead age<10m -group:mail "the books"`: each term must be true, one with `-`
 * before it must not. `NAME:VALUE` compares a text, with `*` for any characters; `NAME<VALUE` and `NAME>VALUE` a number or a
 * duration; a term of its own stands in the id, the source, the type, the correlation id or the error. Throws
 * {@link FilterError}.
 */
export function parseFilter(text: string): Matches {
  if (text.length > longestText) throw new FilterError(`the filter is longer than ${longestText} characters`)
  const terms = termsIn(text).map(readTerm)
  if (terms.length > mostTerms) throw new FilterError(`the filter has more than ${mostTerms} terms`)
  return (row, now) => terms.every((matches) => matches(row, now))
}

// A quote may stand around the whole term or around its value.
const term = /-?(?:[a-z]+[:<>])?(?:"[^"]*"|[^\s"]+)+/gi

function termsIn(text: string): readonly string[] {
  if ((text.match(/"/g) ?? []).length % 2 === 1) throw new FilterError('a quote (") is not closed')
  return text.match(term) ?? []
}

function readTerm(text: string): Matches {
  const isNot = text.startsWith('-') && text.length > 1
  const matches = positive(isNot ? text.slice(1) : text)
  return isNot ? (row, now) => !matches(row, now) : matches
}

function positive(text: string): Matches {
  const [, name = '', operator, quoted = ''] = /^([a-z]+)([:<>])(.*)$/is.exec(text) ?? []
  if (operator === undefined) return anywhere(text.replaceAll('"', ''))
  const value = quoted.replaceAll('"', '')
  if (value === '') throw new FilterError(`"${name}${operator}" has no value`)
  return operator === ':' ? textTerm(name, value) : comparison(name, { operator, value })
}

function textTerm(name: string, value: string): Matches {
  const key = name.toLowerCase()
  const read = Object.hasOwn(texts, key) ? texts[key] : undefined
  if (read === undefined) throw unknownField(name, Object.keys(texts))
  const matches = wildcard(value)
  return (row) => read(row).some(matches)
}

function comparison(name: string, { operator, value }: { readonly operator: string; readonly value: string }): Matches {
  const key = name.toLowerCase()
  const field = Object.hasOwn(comparisons, key) ? comparisons[key] : undefined
  if (field === undefined) throw unknownField(name, Object.keys(comparisons))
  const bound = field.read(value)
  if (bound === undefined) throw new FilterError(`"${value}" is no value for ${name}; use ${field.allowed}`)
  return operator === '<' ? (row, now) => field.of(row, now) < bound : (row, now) => field.of(row, now) > bound
}

function anywhere(text: string): Matches {
  const wanted = text.toLowerCase()
  return (row: MessageRow) =>
    [row.id, row.source, row.type, row.correlationId, row.failure?.error].some((each) =>
      each?.toLowerCase().includes(wanted),
    )
}

/** Each star may take any characters; without one, all of the text is compared. Goes on from star to star and never back. */
function wildcard(pattern: string): (text: string) => boolean {
  const parts = pattern.toLowerCase().split('*')
  return (given) => {
    const text = given.toLowerCase()
    const [first = '', ...rest] = parts
    const last = rest.pop()
    if (last === undefined) return text === first
    if (!text.startsWith(first)) return false
    let at = first.length
    for (const part of rest) {
      const found = text.indexOf(part, at)
      if (found < 0) return false
      at = found + part.length
    }
    return text.length - last.length >= at && text.endsWith(last)
  }
}

function unknownField(name: string, names: readonly string[]): FilterError {
  const near = nearestName(name.toLowerCase(), names)
  const hint = near === undefined ? '' : `; did you mean ${near}?`
  return new FilterError(`"${name}" is no field that can be compared so${hint} There are ${names.join(', ')}`)
}
