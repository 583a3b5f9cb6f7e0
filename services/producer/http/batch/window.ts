import { Fifo } from '../../../../shared/runtime/fifo'

export interface WindowLimits {
  /** How many may be under way, or done and not told yet. */
  readonly events: number
  /** And how many bytes they may have together; one alone may have more. */
  readonly bytes: number
}

interface Entry {
  readonly bytes: number
  /** What there is to tell, once it is done. */
  line: string | undefined
}

/** Work of which several pieces are under way, and whose results are told in the order in which it was begun. */
export class Window {
  readonly #limits: WindowLimits
  readonly #tell: (lines: string) => Promise<void>
  readonly #entries = new Fifo<Entry>()
  #count = 0
  #bytes = 0
  #telling = false
  #failure: Error | undefined
  #changed: (() => void) | undefined

  /** `tell` gets lines that are joined by line feeds, and may be slow: then nothing more is begun. */
  constructor(limits: WindowLimits, tell: (lines: string) => Promise<void>) {
    this.#limits = limits
    this.#tell = tell
  }

  /** Begins when there is room, and resolves then. Rejects once something could not be told. */
  async begin(bytes: number, work: () => Promise<string>): Promise<void> {
    while (!this.#hasRoom(bytes)) await this.#change()
    if (this.#failure !== undefined) throw this.#failure
    const entry: Entry = { bytes, line: undefined }
    this.#entries.push(entry)
    this.#count++
    this.#bytes += bytes
    void work().then((line) => {
      entry.line = line
      void this.#tellReady()
    })
  }

  /** Resolves when all that was begun is told. Rejects when it cannot be. */
  async end(): Promise<void> {
    while (this.#count > 0 && this.#failure === undefined) await this.#change()
    if (this.#failure !== undefined) throw this.#failure
  }

  #hasRoom(bytes: number): boolean {
    if (this.#count === 0 || this.#failure !== undefined) return true
    return this.#count < this.#limits.events && this.#bytes + bytes <= this.#limits.bytes
  }

  #change(): Promise<void> {
    return new Promise((resolve) => (this.#changed = resolve))
  }

  async #tellReady(): Promise<void> {
    if (this.#telling || this.#failure !== undefined) return
    this.#telling = true
    try {
      for (let ready = this.#ready(); ready.length > 0; ready = this.#ready()) {
        await this.#tell(ready.map(({ line }) => line).join('\n'))
        this.#count -= ready.length
        for (const { bytes } of ready) this.#bytes -= bytes
        this.#changed?.()
      }
    } catch (error) {
      this.#failure = error as Error
      this.#changed?.()
    } finally {
      this.#telling = false
    }
  }

  /** The first ones that are done. */
  #ready(): readonly Entry[] {
    const ready: Entry[] = []
    for (let next = this.#entries.peek(); next?.line !== undefined; next = this.#entries.peek()) {
      ready.push(next)
      this.#entries.shift()
    }
    return ready
  }
}
