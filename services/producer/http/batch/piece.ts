/** A part of a stream of events that has been cut out of it. */
export type Piece =
  | { readonly kind: 'event'; readonly bytes: Buffer }
  /** An event of more bytes than are allowed, none of which were kept. */
  | { readonly kind: 'too long' }
  /** From here on nothing can be read any more, and why. */
  | { readonly kind: 'broken'; readonly detail: string }

/** Cuts a stream of bytes into events, however the bytes are cut. */
export interface Splitter {
  /** Cuts out what has become whole. The bytes of an event may be those of the chunk, and not a copy. */
  push(chunk: Buffer): readonly Piece[]
  /** No more will come: what is left over. */
  end(): readonly Piece[]
}

/** Bytes of one event as they come, kept as long as they are not too many. */
export class Gathered {
  readonly #mostBytes: number
  #parts: Buffer[] = []
  #bytes = 0

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes
  }

  get isEmpty(): boolean {
    return this.#bytes === 0
  }

  add(part: Buffer): void {
    this.#bytes += part.length
    if (this.#bytes <= this.#mostBytes) this.#parts.push(part)
    else this.#parts = []
  }

  /** What was gathered, as an event; then it is empty again. */
  take(): Piece {
    const [first, ...others] = this.#parts
    const isTooLong = this.#bytes > this.#mostBytes
    const bytes = first === undefined || others.length > 0 ? Buffer.concat(this.#parts) : first
    this.#parts = []
    this.#bytes = 0
    return isTooLong ? { kind: 'too long' } : { kind: 'event', bytes }
  }
}
