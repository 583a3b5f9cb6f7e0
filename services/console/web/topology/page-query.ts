import { place, replaceQuery } from '../router'
import type { Opened } from './shown-graph'
import type { AskedKey } from './use-topology'

/** What a link to the page remembers. */
export interface PageQuery {
  readonly tab: 'picture' | 'list'
  /** The id of the chosen object. */
  readonly node: string | undefined
  readonly opened: Opened
  readonly asked: AskedKey | undefined
}

export function pageQuery(query: URLSearchParams): PageQuery {
  const open = query.get('open') ?? ''
  const key = query.get('key')
  return {
    tab: query.get('tab') === 'list' ? 'list' : 'picture',
    node: query.get('node') ?? undefined,
    opened: open === 'all' ? 'all' : new Set(open.split(',').filter(Boolean)),
    asked: key === null ? undefined : { exchange: query.get('exchange') ?? '', key },
  }
}

/** Changes a part of it; undefined takes it out. */
export function changeQuery(change: Readonly<Record<string, string | undefined>>): void {
  replaceQuery({ ...Object.fromEntries(place.value.query), ...change })
}

export function choose(node: string | undefined): void {
  changeQuery({ node })
}

/** Shows a family object by object, or folds it again. */
export function toggleFold(opened: Opened, family: string): void {
  const before = opened === 'all' ? [] : [...opened]
  const after = before.includes(family) ? before.filter((each) => each !== family) : [...before, family]
  changeQuery({ open: after.length === 0 ? undefined : after.join(',') })
}
