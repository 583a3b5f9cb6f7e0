import type { Readable } from 'node:stream'

/** `idle`: nothing came for too long. `stopped`: nobody shall read on. `gone`: it broke off. */
export type NoChunk = 'end' | 'idle' | 'stopped' | 'gone'

const happenings = ['readable', 'end', 'close'] as const

/** Reads a body piece by piece, when it is asked: what is not asked for stays with its sender. */
export class BodyReader {
  readonly #body: Readable
  readonly #stop: AbortSignal
  #wake: (() => void) | undefined
  #isGone = false

  constructor(body: Readable, stop: AbortSignal) {
    this.#body = body
    this.#stop = stop
    for (const happening of happenings) body.on(happening, this.#happened)
    body.on('error', this.#failed)
    stop.addEventListener('abort', this.#happened)
  }

  /** The next chunk, which may take so long to come. */
  async next(withinMs: number): Promise<Buffer | NoChunk> {
    for (;;) {
      if (this.#stop.aborted) return 'stopped'
      const chunk = this.#body.read() as Buffer | null
      if (chunk !== null) return chunk
      if (this.#body.readableEnded) return 'end'
      if (this.#isGone || this.#body.destroyed) return 'gone'
      if (!(await this.#untilSomethingHappens(withinMs))) return 'idle'
    }
  }

  /** Whoever reads on after this gets what is left. */
  close(): void {
    for (const happening of happenings) this.#body.off(happening, this.#happened)
    this.#stop.removeEventListener('abort', this.#happened)
  }

  readonly #happened = (): void => this.#wake?.()

  readonly #failed = (): void => {
    this.#isGone = true
    this.#happened()
  }

  #untilSomethingHappens(withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve(false), withinMs)
      this.#wake = () => {
        clearTimeout(late)
        resolve(true)
      }
    })
  }
}
