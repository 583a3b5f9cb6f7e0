/**
 * JSON as it is written. Nothing here becomes a number on the way: one that a double cannot hold would show, and would be
 * sent, as its neighbour.
 */
import { pointerTo } from './schema'

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+|\n/g

/** Where a value stands in a text. */
export interface JsonPlace {
  /** Of its beginning; the first is 1. */
  readonly line: number
  /** As it is written; undefined for an object or an array with something in it. */
  readonly raw: string | undefined
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** With two spaces for each level; undefined for what is no JSON. */
export function prettyJson(text: string): string | undefined {
  if (!isJson(text)) return undefined
  let written = ''
  let depth = 0
  const found = wordsIn(text).filter((token) => token !== '\n')
  for (const [at, token] of found.entries()) {
    const isEmpty = isClosing(found[at + 1]) && isOpening(token)
    if (isClosing(token) && !isOpening(found[at - 1])) written += lineAt(--depth)
    written += token
    if (token === ':') written += ' '
    else if (token === ',') written += lineAt(depth)
    else if (isOpening(token) && !isEmpty) written += lineAt(++depth)
  }
  return written
}

/** Each value by its RFC 6901 pointer; undefined for what is no JSON. */
export function placesIn(text: string): ReadonlyMap<string, JsonPlace> | undefined {
  if (!isJson(text)) return undefined
  const places = new Map<string, JsonPlace>()
  const open: Holder[] = []
  const found = wordsIn(text)
  let line = 1
  for (const [at, token] of found.entries()) {
    const holder = open.at(-1)
    if (token === '\n') line++
    else if (token === ':') continue
    else if (token === ',') holder?.next()
    else if (isClosing(token)) open.pop()
    else if (holder?.wantsName === true) holder.named(token)
    else {
      const pointer = holder?.pointer() ?? ''
      const isEmpty = isOpening(token) && isClosing(wordBehind(found, at))
      const raw = isEmpty ? (token === '{' ? '{}' : '[]') : isOpening(token) ? undefined : token
      places.set(pointer, { line, raw })
      if (isOpening(token)) open.push(new Holder(token === '{', pointer))
    }
  }
  return places
}

/** The line of a value, or of what it is missing in. */
export function lineOf(places: ReadonlyMap<string, JsonPlace>, pointer: string): number {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const place = places.get(at)
    if (place !== undefined) return place.line
  }
  return places.get('')?.line ?? 1
}

export interface JsonDifference {
  readonly pointer: string
  /** As it is written; undefined where it was not there. */
  readonly before: string | undefined
  readonly after: string | undefined
}

/** Which values differ between two texts; undefined where one of them is no JSON. */
export function differences(before: string, after: string): readonly JsonDifference[] | undefined {
  const [old, now] = [placesIn(before), placesIn(after)]
  if (old === undefined || now === undefined) return undefined
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((pointer) => ({ pointer, before: old.get(pointer)?.raw, after: now.get(pointer)?.raw }))
    .filter((each) => each.before !== each.after)
}

/** An object or an array that is being read. */
class Holder {
  readonly #isObject: boolean
  readonly #pointer: string
  #segment: string | number

  constructor(isObject: boolean, pointer: string) {
    this.#isObject = isObject
    this.#pointer = pointer
    this.#segment = isObject ? '' : 0
    this.wantsName = isObject
  }

  wantsName: boolean

  named(token: string): void {
    this.#segment = JSON.parse(token) as string
    this.wantsName = false
  }

  next(): void {
    if (typeof this.#segment === 'number') this.#segment++
    this.wantsName = this.#isObject
  }

  pointer(): string {
    return pointerTo(this.#pointer, this.#segment)
  }
}

function wordsIn(text: string): readonly string[] {
  return text.match(tokens) ?? []
}

function wordBehind(words: readonly string[], at: number): string | undefined {
  let next = at + 1
  while (words[next] === '\n') next++
  return words[next]
}

function isOpening(token: string | undefined): boolean {
  return token === '{' || token === '['
}

function isClosing(token: string | undefined): boolean {
  return token === '}' || token === ']'
}

function lineAt(depth: number): string {
  return `\n${'  '.repeat(depth)}`
}
