import { signal } from '@preact/signals'

/** Where the page is: `#/messages/ID?source=…`. The paths of the console's own API stand before the `#`. */
export interface Place {
  /** Decoded parts: `['messages', 'ID']`. */
  readonly parts: readonly string[]
  readonly query: URLSearchParams
}

export const place = signal<Place>(read())

addEventListener('hashchange', () => {
  place.value = read()
})

/** What stands behind the `?`; a name may have several values. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>

/** A link to a page; what is empty in the query is left out. */
export function hrefTo(parts: readonly string[], query: Query = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().flatMap((each) => (each ? [[name, each]] : [])),
  )
  const text = new URLSearchParams(given).toString()
  return `#/${parts.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`
}

export function go(href: string): void {
  location.hash = href
}

/** Changes the query of this page without a step in the history. */
export function replaceQuery(query: Query): void {
  history.replaceState(null, '', hrefTo(place.value.parts, query))
  place.value = read()
}

function read(): Place {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?')
  return { parts: path.split('/').filter(Boolean).map(decoded), query: new URLSearchParams(query) }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
