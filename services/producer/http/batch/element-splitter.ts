import { Gathered, type Piece, type Splitter } from './piece'

const quote = 0x22
const comma = 0x2c
const backslash = 0x5c
const [openBracket, closeBracket] = [0x5b, 0x5d]
const [openBrace, closeBrace] = [0x7b, 0x7d]

/**
 * - `before`: the list has not begun. `first`: it has, and may end at once. `next`: a comma was met. `behind`: an element
 *   has ended. `after`: the list has ended.
 * - `within`: an element in brackets, `plain`: one without.
 */
type Place = 'before' | 'first' | 'next' | 'within' | 'plain' | 'behind' | 'after' | 'broken'

/** Cuts a JSON list into its elements. Whether one is JSON is not looked at, only where it ends. */
export class ElementSplitter implements Splitter {
  #place: Place = 'before'
  #depth = 0
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
    switch (this.#place) {
      case 'within':
        return this.#stepWithin(byte)
      case 'plain':
        return this.#stepPlain(byte)
      default:
        return isSpace(byte) ? undefined : this.#stepBetween(byte)
    }
  }

  #stepBetween(byte: number): Piece | undefined {
    switch (this.#place) {
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
      default:
        return this.#broken('there is something behind the "]"')
    }
  }

  #begin(byte: number): undefined {
    this.#depth = isOpener(byte) ? 1 : 0
    this.#inString = byte === quote
    this.#go(isOpener(byte) ? 'within' : 'plain')
  }

  #stepWithin(byte: number): undefined {
    if (this.#stepString(byte)) return
    if (isOpener(byte)) this.#depth++
    else if (isCloser(byte) && --this.#depth === 0) this.#go('behind')
  }

  #stepPlain(byte: number): undefined {
    if (this.#stepString(byte)) return
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

function isOpener(byte: number): boolean {
  return byte === openBrace || byte === openBracket
}

function isCloser(byte: number): boolean {
  return byte === closeBrace || byte === closeBracket
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}
