import { Gathered, type Piece, type Splitter } from './piece'

const quote = 0x22
const comma = 0x2c
const backslash = 0x5c
const [openBracket, closeBracket] = [0x5b, 0x5d]
const [openBrace, closeBrace] = [0x7b, 0x7d]
/** Data may be nested 64 levels deep, and its event is one more. */
const mostOpen = 1_000

/**
 * - `before`: the list has not begun. `first`: it has, and may end at once. `next`: a comma was met. `behind`: an element
 *   has ended. `after`: the list has ended.
 * - `within`: an element in brackets, `plain`: one without.
 */
type Place = 'before' | 'first' | 'next' | 'within' | 'plain' | 'behind' | 'after' | 'broken'

/** Cuts a JSON list into its elements. Whether one is JSON is not looked at, only where it ends. */
export class ElementSplitter implements Splitter {
  #place: Place = 'before'
  /** What closes the brackets that are open, the innermost last. */
  readonly #closers: number[] = []
  #inString = false
  #escaped = false
  readonly #element: Gathered

  constructor(mostBytes: number) {
    this.#element = new Gathered(mostBytes)
  }

  push(chunk: Buffer): readonly Piece[] {
    const pieces: Piece[] = []
    let from = 0
    for (let at = 0; at < chunk.length && this.#place !== 'broken'; at++) {
      const byte = chunk[at] as number
      const wasElement = this.#isElement
      const piece = this.#step(byte)
      if (!wasElement && this.#isElement) from = at
      if (piece !== undefined) pieces.push(piece)
      // A bracket that closes an element is part of it; what ends one without brackets is not.
      else if (wasElement && !this.#isElement) pieces.push(...this.#cut(chunk, from, at, byte))
    }
    if (this.#isElement) this.#element.add(chunk.subarray(from))
    return pieces
  }

  end(): readonly Piece[] {
    if (this.#place === 'after' || this.#place === 'broken') return []
    return [this.#broken('the list ends before its "]"')]
  }

  get #isElement(): boolean {
    return this.#place === 'within' || this.#place === 'plain'
  }

  #cut(chunk: Buffer, from: number, at: number, byte: number): readonly Piece[] {
    const isPart = this.#place === 'behind' && isCloser(byte)
    this.#element.add(chunk.subarray(from, isPart ? at + 1 : at))
    return [this.#element.take()]
  }

  /** A piece only where it breaks. */
  #step(byte: number): Piece | undefined {
    if (this.#place === 'within') return this.#stepWithin(byte)
    if (this.#place === 'plain') return this.#stepPlain(byte)
    return isSpace(byte) ? undefined : this.#stepBetween(byte, this.#place)
  }

  #stepBetween(byte: number, place: Exclude<Place, 'within' | 'plain'>): Piece | undefined {
    switch (place) {
      case 'before':
        return byte === openBracket ? this.#go('first') : this.#broken('it does not begin with "["')
      case 'behind':
        if (byte === comma) return this.#go('next')
        return byte === closeBracket ? this.#go('after') : this.#broken('there is no comma between two events')
      case 'first':
        if (byte === comma) return this.#broken('a comma has no event before it')
        return byte === closeBracket ? this.#go('after') : this.#begin(byte)
      case 'next':
        return byte === comma || byte === closeBracket
          ? this.#broken('a comma has no event behind it')
          : this.#begin(byte)
      case 'after':
      case 'broken':
        return this.#broken('there is something behind the "]"')
    }
  }

  #begin(byte: number): undefined {
    if (isOpener(byte)) this.#closers.push(closerOf(byte))
    this.#inString = byte === quote
    this.#go(isOpener(byte) ? 'within' : 'plain')
  }

  #stepWithin(byte: number): Piece | undefined {
    if (this.#stepString(byte)) return
    if (isOpener(byte)) {
      if (this.#closers.push(closerOf(byte)) > mostOpen) return this.#broken(`more than ${mostOpen} brackets are open`)
    } else if (isCloser(byte)) {
      if (this.#closers.pop() !== byte) return this.#broken('a bracket is closed by one of another kind')
      if (this.#closers.length === 0) this.#go('behind')
    }
  }

  #stepPlain(byte: number): Piece | undefined {
    if (this.#stepString(byte)) return
    if (isOpener(byte) || byte === closeBrace) return this.#broken('there is no comma between two events')
    if (byte === comma) this.#go('next')
    else if (byte === closeBracket) this.#go('after')
    else if (isSpace(byte)) this.#go('behind')
  }

  /** Whether the byte belongs to a text. */
  #stepString(byte: number): boolean {
    if (!this.#inString) return (this.#inString = byte === quote)
    if (this.#escaped) this.#escaped = false
    else if (byte === backslash) this.#escaped = true
    else if (byte === quote) this.#inString = false
    return true
  }

  #go(place: Place): undefined {
    this.#place = place
  }

  #broken(why: string): Piece {
    this.#place = 'broken'
    return { kind: 'broken', detail: `the batch is no JSON list: ${why}` }
  }
}

function closerOf(opener: number): number {
  return opener === openBrace ? closeBrace : closeBracket
}

function isOpener(byte: number): boolean {
  return byte === openBrace || byte === openBracket
}

function isCloser(byte: number): boolean {
  return byte === closeBrace || byte === closeBracket
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}
