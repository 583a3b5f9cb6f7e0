/** When letters died, kind by kind, over one time for all. */
export interface Deaths {
  /** Milliseconds since 1970, of the beginning of the first piece. */
  readonly from: number
  /** Of each piece. */
  readonly widthMs: number
  /** How many of a kind died in each piece. */
  readonly counts: ReadonlyMap<string, readonly number[]>
}

const mostPieces = 48
const leastWidthMs = 1_000

/** Counts deaths in pieces of time that become the wider the further they lie apart: in memory for each kind, and not for each letter. */
export class DeathTimes {
  readonly #kinds = new Map<string, Map<number, number>>()
  #widthMs = leastWidthMs
  #first = Infinity
  #last = -Infinity

  /** `at` in milliseconds since 1970; one that is no time is not counted. */
  add(kind: string, at: number): void {
    if (Number.isNaN(at)) return
    this.#first = Math.min(this.#first, at)
    this.#last = Math.max(this.#last, at)
    count(this.#pieces(kind), this.#pieceOf(at), 1)
    while (this.#pieceOf(this.#last) - this.#pieceOf(this.#first) >= mostPieces) this.#widen()
  }

  /** Undefined where none says when it died. */
  view(): Deaths | undefined {
    if (this.#kinds.size === 0) return undefined
    const [from, to] = [this.#pieceOf(this.#first), this.#pieceOf(this.#last)]
    const counts = [...this.#kinds].map(
      ([kind, pieces]) =>
        [kind, Array.from({ length: to - from + 1 }, (_, index) => pieces.get(from + index) ?? 0)] as const,
    )
    return { from: from * this.#widthMs, widthMs: this.#widthMs, counts: new Map(counts) }
  }

  #pieceOf(at: number): number {
    return Math.floor(at / this.#widthMs)
  }

  #pieces(kind: string): Map<number, number> {
    const pieces = this.#kinds.get(kind) ?? new Map<number, number>()
    this.#kinds.set(kind, pieces)
    return pieces
  }

  #widen(): void {
    this.#widthMs *= 2
    for (const [kind, pieces] of this.#kinds) {
      const wider = new Map<number, number>()
      for (const [piece, many] of pieces) count(wider, Math.floor(piece / 2), many)
      this.#kinds.set(kind, wider)
    }
  }
}

function count(pieces: Map<number, number>, piece: number, many: number): void {
  pieces.set(piece, (pieces.get(piece) ?? 0) + many)
}
