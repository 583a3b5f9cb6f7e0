import { signal } from '@preact/signals'

/** A filter that somebody wants again, by a name of his own. */
export interface KeptFilter {
  readonly name: string
  readonly filter: string
}

const place = 'handoff-filters'
export const longestName = 40

/** Of this browser, in the order in which they were kept. */
export const keptFilters = signal<readonly KeptFilter[]>(keptIn(localStorage.getItem(place)))

// Another tab may keep one as well; what is written last would take away what the first has kept.
addEventListener('storage', ({ key, newValue }) => {
  if (key === place) keptFilters.value = keptIn(newValue)
})

/** One of the same name is replaced. */
export function keepFilter(kept: KeptFilter): void {
  store([...keptFilters.value.filter(({ name }) => name !== kept.name), kept])
}

export function forgetFilter(name: string): void {
  store(keptFilters.value.filter((each) => each.name !== name))
}

function store(filters: readonly KeptFilter[]): void {
  keptFilters.value = filters
  localStorage.setItem(place, JSON.stringify(filters))
}

/** Whatever stands there: a browser's storage is written by people, too. */
function keptIn(text: string | null): readonly KeptFilter[] {
  try {
    const given: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(given) ? given.filter(isKept) : []
  } catch {
    return []
  }
}

function isKept(given: unknown): given is KeptFilter {
  const { name, filter } = (given ?? {}) as Partial<Record<string, unknown>>
  return typeof name === 'string' && typeof filter === 'string'
}
