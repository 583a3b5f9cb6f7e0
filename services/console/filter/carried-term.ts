import { carriedPath, valuesAt, type CarriedPath } from './carried'
import type { ContentOf, Matches } from './fields'
import { FilterError } from './filter-error'
import { wildcard } from './wildcard'

export interface Term {
  readonly name: string
  readonly operator: ':' | '<' | '>'
  readonly value: string
}

/** A term about what a message carried, which nothing matches that is not known; undefined for one about anything else. */
export function carriedTerm({ name, operator, value }: Term, contentOf: ContentOf): Matches | undefined {
  const path = carriedPath(name)
  if (path === undefined) return undefined
  const fits = operator === ':' ? textFits(path, value) : numberFits({ name, operator, value })
  return (row) => {
    const content = contentOf(row)
    return content !== undefined && valuesAt(path, content).some(fits)
  }
}

function textFits({ path }: CarriedPath, value: string): (found: unknown) => boolean {
  // Of all of the data a part is looked for.
  const matches = wildcard(path.length === 0 ? `*${value}*` : value)
  return (found) => matches(String(found))
}

function numberFits({ name, operator, value }: Term): (found: unknown) => boolean {
  if (!/^-?\d+(\.\d+)?$/.test(value)) throw new FilterError(`"${value}" is no value for ${name}; use a number`)
  const bound = Number(value)
  return operator === '<'
    ? (found) => typeof found === 'number' && found < bound
    : (found) => typeof found === 'number' && found > bound
}
