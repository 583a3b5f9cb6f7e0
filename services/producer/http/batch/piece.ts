/** A part of a stream of events that has been cut out of it. */
export type Piece =
  | { readonly kind: 'event'; readonly bytes: Buffer }
  /** An event of more bytes than are allowed, none of which were kept. */
  | { readonly kind: 'too long' }
  /** From here on nothing can be read any more, and why. */
  | { readonly kind: 'broken'; readonly detail: string }

/** Cuts a stream of bytes into events, however the bytes are cut. */
export interface Splitter {
  /** Cuts out what has become whole. */
  push(chunk: Buffer): readonly Piece[]
  /** No more will come: what is left over. */
  end(): readonly Piece[]
}

/** Bytes of one event as they come, copied out of their chunks: a few that are kept must not keep a whole chunk. */
export class Gathered {
  readonly #mostBytes: number
  #kept = Buffer.alloc(0)
  #bytes = 0

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes
  }

  get isEmpty(): boolean {
    return this.#bytes === 0
  }

  add(part: Buffer): void {
    const from = this.#bytes
    this.#bytes += part.length
    if (this.#bytes > this.#mostBytes) this.#kept = Buffer.alloc(0)
    else part.copy(this.#roomFor(this.#bytes), from)
  }

  /** What was gathered, as an event; then it is empty again. */
  take(): Piece {
    const isTooLong = this.#bytes > this.#mostBytes
    const bytes = this.#kept.subarray(0, this.#bytes)
    this.#kept = Buffer.alloc(0)
    this.#bytes = 0
    return isTooLong ? { kind: 'too long' } : { kind: 'event', bytes }
  }

  /** Twice as much each time: an event may come byte by byte. */
  #roomFor(bytes: number): Buffer {
    if (bytes <= this.#kept.length) return this.#kept
    const larger = Buffer.allocUnsafe(Math.max(bytes, Math.min(2 * this.#kept.length, this.#mostBytes)))
    this.#kept.copy(larger)
    this.#kept = larger
    return larger
  }
}
