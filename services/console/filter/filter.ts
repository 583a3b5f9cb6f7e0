import { nearestName } from '../../../shared/runtime/nearest-name'
import type { MessageRow } from '../views/message-row'
import { carriedTerm, type Term } from './carried-term'
import { comparisons, texts, type ContentOf, type Matches } from './fields'
import { FilterError } from './filter-error'
import { wildcard } from './wildcard'

const mostTerms = 20
const longestText = 1_000

/**
 * Reads a filter such as `type:order.* state:dead age<10m -group:mail "the books"`: each term must be true, one with `-`
 * before it must not. `NAME:VALUE` compares a text, with `*` for any characters; `NAME<VALUE` and `NAME>VALUE` a number or a
 * duration; a term of its own stands in the id, the source, the type, the correlation id or the error. `data.PATH` and
 * `attribute.NAME` are what a message carried, where that is known. Throws {@link FilterError}.
 */
export function parseFilter(text: string, contentOf: ContentOf = () => undefined): Matches {
  if (text.length > longestText) throw new FilterError(`the filter is longer than ${longestText} characters`)
  const terms = termsIn(text).map((each) => readTerm(each, contentOf))
  if (terms.length > mostTerms) throw new FilterError(`the filter has more than ${mostTerms} terms`)
  return (row, now) => terms.every((matches) => matches(row, now))
}

// A quote may stand around the whole term or around its value.
const term = /-?(?:[a-z][^\s":<>]*[:<>])?(?:"[^"]*"|[^\s"]+)+/gi

function termsIn(text: string): readonly string[] {
  if ((text.match(/"/g) ?? []).length % 2 === 1) throw new FilterError('a quote (") is not closed')
  return text.match(term) ?? []
}

function readTerm(text: string, contentOf: ContentOf): Matches {
  const isNot = text.startsWith('-') && text.length > 1
  const matches = positive(isNot ? text.slice(1) : text, contentOf)
  return isNot ? (row, now) => !matches(row, now) : matches
}

// Words that other tools use for the two are told what to write.
const field = /^([a-z]+|(?:data|attributes?|body|payload|headers?)\.[^\s":<>]+)([:<>])(.*)$/is

function positive(text: string, contentOf: ContentOf): Matches {
  const [, name = '', operator, quoted = ''] = field.exec(text) ?? []
  if (operator === undefined) return anywhere(text.replaceAll('"', ''))
  const value = quoted.replaceAll('"', '')
  if (value === '') throw new FilterError(`"${name}${operator}" has no value`)
  const term = { name, operator: operator as Term['operator'], value }
  return carriedTerm(term, contentOf) ?? (operator === ':' ? textTerm(term) : comparison(term))
}

function textTerm({ name, value }: Term): Matches {
  const key = name.toLowerCase()
  const read = Object.hasOwn(texts, key) ? texts[key] : undefined
  if (read === undefined) throw unknownField(name, Object.keys(texts))
  const matches = wildcard(value)
  return (row) => read(row).some(matches)
}

function comparison({ name, operator, value }: Term): Matches {
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

/** What others call by other names. */
const ourWords: Readonly<Record<string, string>> = {
  ...{ body: 'data', payload: 'data' },
  ...{ header: 'attribute', headers: 'attribute', attributes: 'attribute' },
}

function inOurWords(name: string): string | undefined {
  const [root = '', ...path] = name.split('.')
  const ours = path.length > 0 && Object.hasOwn(ourWords, root) ? ourWords[root] : undefined
  return ours && [ours, ...path].join('.')
}

function unknownField(name: string, own: readonly string[]): FilterError {
  const names = [...own, 'data.PATH', 'attribute.NAME']
  const near = inOurWords(name) ?? nearestName(name.toLowerCase(), names)
  const hint = near === undefined ? '' : `; did you mean ${near}?`
  return new FilterError(`"${name}" is no field that can be compared so${hint} There are ${names.join(', ')}`)
}
