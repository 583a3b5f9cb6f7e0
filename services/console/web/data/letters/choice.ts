import { count } from '../format'
import { fieldIn, filterInWords, isEverything, searchOf, type LetterFilter } from './letter-filter'

/** What somebody has chosen: certain letters, or whatever a filter lets through, shown or not. */
export type Choice =
  | { readonly by: 'ids'; readonly ids: readonly string[] }
  | {
      readonly by: 'filter'
      readonly filter: LetterFilter
      /** What its signature stands for. */
      readonly diedOf?: string | undefined
    }

/** The `selection` of a request to the console. */
export function selectionOf(choice: Choice): Readonly<Record<string, unknown>> {
  if (choice.by === 'ids') return { ids: choice.ids }
  const { where, ...facts } = choice.filter
  if (isEverything(choice.filter)) return { all: true }
  // A text means in a body what it means in a query, also where it is the text of a number.
  return { ...facts, ...(where.length > 0 && { where: where.map(fieldIn) }) }
}

/** A head of a request may have 16 KiB in all. */
const longestQuery = 4_000

/** The queries of the exports that together are what was chosen: many ids do not fit into one. */
export function exportQueriesOf(choice: Choice): readonly string[] {
  if (choice.by === 'filter') return [searchOf(choice.filter)]
  const queries: string[] = []
  for (const id of choice.ids) {
    const part = new URLSearchParams({ id }).toString()
    const last = queries.at(-1)
    if (last === undefined || last.length + part.length > longestQuery) queries.push(`?${part}`)
    else queries[queries.length - 1] = `${last}&${part}`
  }
  return queries
}

/** `the dead letter A-1 of ledger`, `all 12 dead letters of ledger with reason failed`. */
export function choiceInWords(choice: Choice, group: string, selected: number): string {
  const [only, ...others] = choice.by === 'ids' ? choice.ids : []
  if (only !== undefined && others.length === 0 && selected === 1) return `the dead letter ${only} of ${group}`
  const letters = `${count(selected)} dead letter${selected === 1 ? '' : 's'} of ${group}`
  if (choice.by === 'ids') return `${letters}, chosen one by one`
  const facts = filterInWords(choice.filter, choice.diedOf)
  return facts === '' ? `all ${letters}` : `all ${letters} ${facts}`
}
