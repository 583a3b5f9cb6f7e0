import type { Lines } from '../../../shared/runtime/line-answer'

/** So many are kept for a caller who does not take them as fast as letters are moved. */
const mostKept = 20_000

/** What became of one letter. */
export interface LetterLine {
  readonly id: string | undefined
  readonly source: string | undefined
  readonly type?: string | undefined
  readonly outcome: 'replayed' | 'discarded' | 'gone' | 'left' | 'refused' | 'unknown'
  /** The queue to which it went. */
  readonly to?: string
  readonly detail?: string
}

/** Lines of single letters, which hold up nothing: whoever does not read loses the newest, and is told how many. */
export class LetterLines {
  readonly #lines: Lines
  #kept: string[] = []
  #untold = 0

  constructor(lines: Lines) {
    this.#lines = lines
  }

  tell(letter: LetterLine): void {
    if (this.#kept.length >= mostKept) this.#untold++
    else this.#kept.push(JSON.stringify({ step: 'letter', ...letter }))
    this.#offer()
  }

  /** What could not be written yet, to be put before the last line. */
  rest(): readonly string[] {
    const untold = this.#untold === 0 ? [] : [JSON.stringify({ step: 'untold', letters: this.#untold })]
    const rest = [...this.#kept, ...untold]
    this.#kept = []
    return rest
  }

  #offer(): void {
    let written = 0
    while (written < this.#kept.length && this.#lines.offer(this.#kept[written] ?? '') === 'written') written++
    if (written > 0) this.#kept.splice(0, written)
  }
}
