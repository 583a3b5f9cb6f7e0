/** Which dead letters of a group are meant, as it stands in the page's address: all that is given has to apply. */
export interface LetterFilter {
  readonly type?: string
  readonly reason?: string
  readonly signature?: string
  /** RFC 3339, as `until`. */
  readonly since?: string
  readonly until?: string
  /** In the id or the error. */
  readonly text?: string
  /** Each `POINTER=VALUE`. */
  readonly where: readonly string[]
}

const single = ['type', 'reason', 'signature', 'since', 'until', 'text'] as const
type Single = (typeof single)[number]

export function filterIn(query: URLSearchParams): LetterFilter {
  const given = single.flatMap((name) => (query.get(name) ? [[name, query.get(name)]] : []))
  return {
    ...(Object.fromEntries(given) as Partial<Record<Single, string>>),
    where: query.getAll('where').filter((each) => each !== ''),
  }
}

export function isEverything({ where, ...facts }: LetterFilter): boolean {
  return where.length === 0 && Object.values(facts).every((fact) => fact === undefined)
}

/** For the console's API. */
export function searchOf({ where, ...facts }: LetterFilter, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams({ ...facts, ...more })
  for (const each of where) query.append('where', each)
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

/** `of type order.placed, where /orderId is A-1`; empty where nothing is given. A signature says little: what they died of, if known. */
export function filterInWords(filter: LetterFilter, diedOf = filter.signature): string {
  const { type, reason, signature, since, until, text, where } = filter
  const words = [
    type !== undefined && `of type ${type}`,
    reason !== undefined && `with reason ${reason}`,
    signature !== undefined && `that died of “${diedOf}”`,
    since !== undefined && `parked at ${since} or later`,
    until !== undefined && `parked before ${until}`,
    text !== undefined && `with “${text}” in id or error`,
    ...where.map((each) => {
      const { pointer, value } = fieldIn(each)
      return `where ${pointer === '' ? 'the whole' : pointer} is ${value}`
    }),
  ]
  return words.filter((word) => typeof word === 'string').join(', ')
}

/** The first `=` ends the pointer, as the console reads it in a query. */
export function fieldIn(text: string): { readonly pointer: string; readonly value: string } {
  const at = text.indexOf('=')
  return at < 0 ? { pointer: text, value: '' } : { pointer: text.slice(0, at), value: text.slice(at + 1) }
}
