import { methods, type Fields } from './protocol'

export interface ConfirmsParts {
  /** Sends a method to the client. */
  readonly method: (id: number, fields: Fields) => void
  /** In the broker's own time. */
  readonly soon: (run: () => void) => void
}

/** Tells the client of a confirm channel what became of its publishes, in the order in which that is known. */
export class Confirms {
  readonly #parts: ConfirmsParts
  #lastTag = 0
  /** Everything up to this tag has its answer. */
  #allUpTo = 0
  readonly #confirmed: number[] = []
  #isEnded = false

  constructor(parts: ConfirmsParts) {
    this.#parts = parts
  }

  /** The tag of the next publish. */
  next(): number {
    return ++this.#lastTag
  }

  confirm(tag: number): void {
    if (this.#isEnded) return
    this.#confirmed.push(tag)
    if (this.#confirmed.length === 1) this.#parts.soon(() => this.#flush())
  }

  refuse(deliveryTag: number): void {
    if (this.#isEnded) return
    this.#noteAnswered(deliveryTag)
    this.#parts.method(methods.BasicNack, { deliveryTag, multiple: false, requeue: false })
  }

  end(): void {
    this.#isEnded = true
  }

  // A broker gathers, and one answer may stand for all before it.
  #flush(): void {
    if (this.#isEnded) return
    for (const deliveryTag of this.#confirmed.splice(0).sort((a, b) => a - b)) {
      const multiple = this.#noteAnswered(deliveryTag)
      this.#parts.method(methods.BasicAck, { deliveryTag, multiple })
    }
  }

  /** Answers whether everything before it has its answer. */
  #noteAnswered(tag: number): boolean {
    const isNext = this.#allUpTo === tag - 1
    if (isNext) this.#allUpTo = tag
    return isNext
  }
}
