import type { Content } from '../../../shared/journal/content'
import { keyText, type JournalKey } from '../../../shared/store/journal-table'

/** What a content weighs beside its texts, about. */
const overheadBytes = 500

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

function weightOf({ data, attributes }: Content): number {
  const text = data.kind === 'kept' ? data.text.length : data.because.length
  return (
    overheadBytes + text + Object.entries(attributes).reduce((sum, [name, each]) => sum + name.length + each.length, 0)
  )
}
