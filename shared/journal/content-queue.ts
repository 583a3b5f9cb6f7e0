import { Fifo } from '../runtime/fifo'
import { contentText, type Content } from './content'

/** So much travels in one entry, beside its steps. */
const bytesPerEntry = 1_048_576
/** So much waits; beyond it the oldest are let go, since steps must never wait for contents. */
const mostBytes = 8 * 1_048_576

/** Contents that wait to be sent, as text. */
export class ContentQueue {
  readonly #texts = new Fifo<string>()
  #bytes = 0

  get size(): number {
    return this.#texts.size
  }

  /** As many wait as go into an entry. */
  get isFull(): boolean {
    return this.#bytes >= bytesPerEntry
  }

  /** Answers with how many were let go for it. */
  add(content: Content): number {
    const text = contentText(content)
    this.#texts.push(text)
    this.#bytes += text.length
    let gone = 0
    for (; this.#bytes > mostBytes; gone++) this.#shift()
    return gone
  }

  /** The oldest, as many as go into an entry. */
  take(): readonly string[] {
    const taken: string[] = []
    let bytes = 0
    for (let text = this.#texts.peek(); text !== undefined && bytes < bytesPerEntry; text = this.#texts.peek()) {
      bytes += text.length
      taken.push(this.#shift())
    }
    return taken
  }

  #shift(): string {
    const text = this.#texts.shift() ?? ''
    this.#bytes -= text.length
    return text
  }
}
