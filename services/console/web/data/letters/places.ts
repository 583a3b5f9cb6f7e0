import { hrefTo } from '../../router'
import { filterIn, type LetterFilter } from './letter-filter'

export function hrefOfGroup(group: string, { where, ...facts }: LetterFilter = { where: [] }, limit?: string): string {
  return hrefTo(['dead-letters', group], { ...facts, where, limit })
}

export function hrefOfLetter(group: string, id: string): string {
  // Half a character, which a header may hold, has no place in an address.
  return hrefTo(['dead-letters', group, id.toWellFormed()])
}

export function hrefOfSame(group: string, signature: string): string {
  return hrefOfGroup(group, filterIn(new URLSearchParams({ signature })))
}
