import { Gathered, type Piece, type Splitter } from './piece'

const lineFeed = 0x0a

/** Cuts NDJSON: an event is a line, ended by a line feed or by the end. Lines with nothing but white space are none. */
export class LineSplitter implements Splitter {
  readonly #line: Gathered

  constructor(mostBytes: number) {
    this.#line = new Gathered(mostBytes)
  }

  push(chunk: Buffer): readonly Piece[] {
    const pieces: Piece[] = []
    let from = 0
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, from)) {
      this.#line.add(chunk.subarray(from, end))
      pieces.push(...this.#taken())
      from = end + 1
    }
    if (from < chunk.length) this.#line.add(chunk.subarray(from))
    return pieces
  }

  end(): readonly Piece[] {
    return this.#taken()
  }

  #taken(): readonly Piece[] {
    const piece = this.#line.isEmpty ? undefined : this.#line.take()
    return piece === undefined || (piece.kind === 'event' && isBlank(piece.bytes)) ? [] : [piece]
  }
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)
}
