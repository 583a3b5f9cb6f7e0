/** Which of the letters that a filter lets through are shown. */
export interface Paging {
  /** As it stands in the address. */
  readonly limit: string
  /** The first is 1. */
  readonly page: number
}

export const usualLimit = '50'

export function pagingIn(query: URLSearchParams): Paging {
  const page = Number(query.get('page') ?? 1)
  return { limit: query.get('limit') ?? usualLimit, page: Number.isSafeInteger(page) && page > 0 ? page : 1 }
}

/** For the console's API. */
export function rangeOf({ limit, page }: Paging): { readonly limit: string; readonly skip?: string } {
  const skip = (page - 1) * Number(limit)
  return skip > 0 ? { limit, skip: String(skip) } : { limit }
}

/** The last page; undefined while it is not known how many there are. */
export function lastPage({ limit }: Pick<Paging, 'limit'>, matching: number | undefined): number | undefined {
  return matching === undefined ? undefined : Math.max(1, Math.ceil(matching / Number(limit)))
}
