import { isExactNumber } from '../runtime/exact-json'
import { usuallyRedacted } from '../runtime/journal-settings'
import { redactedMark } from './content'

/**
 * What is not to be kept of data. A name stands for each field of that name at any depth, written in whatever case, with
 * hyphens, underscores or without; a path such as `card.number` or `items.*.price` for what stands there, `*` for any one.
 */
export interface Redaction {
  readonly names: ReadonlySet<string>
  readonly paths: readonly (readonly string[])[]
}

/** Reads a list as JOURNAL_REDACT holds it, which comes on top of what nobody wants, unless `none` begins it. */
export function readRedaction(list: readonly string[] = []): Redaction {
  const given = list[0] === 'none' ? list.slice(1) : [...usuallyRedacted, ...list]
  return {
    names: new Set(given.filter((each) => !each.includes('.')).map(plainName)),
    paths: given.filter((each) => each.includes('.')).map((each) => each.split('.')),
  }
}

export interface Redacted {
  readonly value: unknown
  /** RFC 6901 pointers to what was replaced. */
  readonly pointers: readonly string[]
}

/** A copy of data in which each value that is not to be kept is replaced by a mark; the same data where there is none. */
export function redact(data: unknown, redaction: Redaction): Redacted {
  const pointers: string[] = []
  const value = copyOf(data, { redaction, pointers, at: [] })
  return pointers.length === 0 ? { value: data, pointers } : { value, pointers }
}

interface Place {
  readonly redaction: Redaction
  readonly pointers: string[]
  readonly at: readonly string[]
}

function copyOf(value: unknown, place: Place): unknown {
  if (typeof value !== 'object' || value === null || isExactNumber(value)) return value
  const inside = (name: string, each: unknown) => fieldOf(each, { ...place, at: [...place.at, name] })
  if (Array.isArray(value)) return value.map((each, index) => inside(String(index), each))
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, inside(name, each)]))
}

function fieldOf(value: unknown, place: Place): unknown {
  if (!isMeant(place)) return copyOf(value, place)
  place.pointers.push(pointerOf(place.at))
  return redactedMark
}

function isMeant({ redaction: { names, paths }, at }: Place): boolean {
  return names.has(plainName(at.at(-1) ?? '')) || paths.some((path) => fits(path, at))
}

function fits(path: readonly string[], at: readonly string[]): boolean {
  return path.length === at.length && path.every((each, index) => each === '*' || each === at[index])
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '')
}

function pointerOf(at: readonly string[]): string {
  return at.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
