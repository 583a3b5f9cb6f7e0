import type { Content } from '../../../shared/journal/content'
import { keyText, type JournalKey } from '../../../shared/store/journal-table'

/** What a content weighs beside its texts, and a text beside its letters, about. */
const overheadBytes = 400
const textOverheadBytes = 32

/** What messages carried, as the journal told it: the newest, up to so many bytes of memory. */
export class KeptContents {
  readonly #mostBytes: number
  readonly #byKey = new Map<string, Content>()
  #bytes = 0

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes
  }

  get size(): number {
    return this.#byKey.size
  }

  /** The first that is told of a message counts: it is told again when the message is sent again. */
  take(content: Content): void {
    const key = keyText(content)
    if (this.#byKey.has(key)) return
    this.#byKey.set(key, content)
    this.#bytes += weightOf(content)
    for (const [oldest, each] of this.#byKey) {
      if (this.#bytes <= this.#mostBytes) return
      this.#byKey.delete(oldest)
      this.#bytes -= weightOf(each)
    }
  }

  find({ id, source }: JournalKey): Content | undefined {
    return this.#byKey.get(keyText({ id, source }))
  }
}

/** A text takes two bytes for each of its units, where one of them is no Latin letter. */
function weightOf({ data, attributes }: Content): number {
  const text = data.kind === 'kept' ? [data.text, ...data.redacted] : [data.because]
  const texts = [...text, ...Object.entries(attributes).flat()]
  return texts.reduce((sum, each) => sum + textOverheadBytes + 2 * each.length, overheadBytes)
}
