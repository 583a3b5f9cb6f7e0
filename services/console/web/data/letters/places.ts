import { hrefTo } from '../../router'
import { filterIn, type LetterFilter } from './letter-filter'
import { usualLimit, type Paging } from './paging'

export function hrefOfGroup(
  group: string,
  { where, ...facts }: LetterFilter = { where: [] },
  { limit = usualLimit, page = 1 }: Partial<Paging> = {},
): string {
  const paging = { limit: limit === usualLimit ? undefined : limit, page: page === 1 ? undefined : String(page) }
  return hrefTo(['dead-letters', group], { ...facts, where, ...paging })
}

export function hrefOfLetter(group: string, id: string): string {
  // Half a character, which a header may hold, has no place in an address.
  return hrefTo(['dead-letters', group, id.toWellFormed()])
}

export function hrefOfSame(group: string, signature: string): string {
  return hrefOfGroup(group, filterIn(new URLSearchParams({ signature })))
}
