import type { Readable } from 'node:stream'

/** `idle`: nothing came for too long. `stopped`: nobody shall read on. `gone`: it broke off. */
export type NoChunk = 'end' | 'idle' | 'stopped' | 'gone'

export interface ReaderOptions {
  /** How long a chunk may take to come. */
  readonly idleMs: number
  readonly stop: AbortSignal
}

/** Reads a body piece by piece, when it is asked: what is not asked for stays with its sender. */
export class BodyReader {
  readonly #body: Readable
  readonly #options: ReaderOptions
  #wake: (() => void) | undefined
  #isGone = false

  constructor(body: Readable, options: ReaderOptions) {
    this.#body = body
    this.#options = options
    for (const happening of ['readable', 'end', 'close']) body.on(happening, this.#happened)
    body.on('error', () => {
      this.#isGone = true
      this.#happened()
    })
    options.stop.addEventListener('abort', this.#happened)
  }

  async next(): Promise<Buffer | NoChunk> {
    for (;;) {
      if (this.#options.stop.aborted) return 'stopped'
      const chunk = this.#body.read() as Buffer | null
      if (chunk !== null) return chunk
      if (this.#body.readableEnded) return 'end'
      if (this.#isGone || this.#body.destroyed) return 'gone'
      if (!(await this.#untilSomethingHappens())) return 'idle'
    }
  }

  close(): void {
    this.#options.stop.removeEventListener('abort', this.#happened)
  }

  readonly #happened = (): void => this.#wake?.()

  #untilSomethingHappens(): Promise<boolean> {
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve(false), this.#options.idleMs)
      this.#wake = () => {
        clearTimeout(late)
        resolve(true)
      }
    })
  }
}
