import { Type } from 'typebox'
import type { ContentOf, Matches } from '../filter/fields'
import { parseFilter } from '../filter/filter'
import { FilterError } from '../filter/filter-error'
import { invalid } from './checked'

export const filterSchema = Type.Optional(
  Type.String({
    maxLength: 1_000,
    description: 'Such as `type:order.* state:dead age<10m -group:mail`: docs/how-to/look-at-the-console.md.',
  }),
)

/** All where there is none; throws a problem for what is no filter. */
export function filterIn(text = '', contentOf: ContentOf): Matches {
  try {
    return parseFilter(text, contentOf)
  } catch (error) {
    if (error instanceof FilterError) throw invalid([{ pointer: '/filter', detail: error.message }])
    throw error
  }
}
