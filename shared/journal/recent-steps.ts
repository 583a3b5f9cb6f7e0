import { Fifo } from '../runtime/fifo'
import { entryOf, mayTellOf, type EntryHead, type Told } from './entry'
import type { AppendedEntry } from './journal'

const most = 100
const mostBytes = 16 * 1_048_576

/**
 * What this process has told and the projection has not been seen to have yet: who asks for a message in the moment
 * after it was accepted gets an answer. Kept as text, and read only when it is asked for; beyond 100 entries, or 16 MiB,
 * the oldest are forgotten.
 */
export class RecentSteps {
  readonly #writer: string
  readonly #entries = new Fifo<AppendedEntry>()
  #bytes = 0

  constructor(writer: string) {
    this.#writer = writer
  }

  add(entry: AppendedEntry): void {
    this.#entries.push(entry)
    this.#bytes += entry.text.length
    while (this.#entries.size > most || this.#bytes > mostBytes) this.#forgetOldest()
  }

  /** The projection has this entry, and all that its writer wrote before. */
  projected({ writer, number }: EntryHead): void {
    if (writer !== this.#writer) return
    while ((this.#entries.peek()?.number ?? Infinity) <= number) this.#forgetOldest()
  }

  #forgetOldest(): void {
    this.#bytes -= this.#entries.shift()?.text.length ?? 0
  }

  /** What these and `unsent` say of messages with this id. */
  find(id: string, unsent: readonly string[]): readonly Told[] {
    const texts = [...[...this.#entries].map(({ text }) => text), ...unsent]
    return texts
      .filter((text) => mayTellOf(id, text))
      .flatMap((text) => entryOf(text)?.told ?? [])
      .filter(({ message }) => message.id === id)
  }
}
