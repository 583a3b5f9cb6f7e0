import { Duplex } from 'node:stream'
import type { Life } from './life'
import type { VirtualTime } from './virtual-time'

/** What it is plugged into. */
interface Cable {
  carry(bytes: Buffer): void
  cut(how: 'closed' | 'reset'): void
}

/** As much of a `net.Socket` as amqplib uses. */
export class SimulatedSocket extends Duplex {
  readonly life: Life | undefined
  readonly #time: VirtualTime
  #cable: Cable | undefined
  #timeoutMs = 0
  #onTimeout: (() => void) | undefined
  #cancelTimeout: (() => void) | undefined

  constructor(time: VirtualTime, life: Life | undefined) {
    super({ allowHalfOpen: false })
    this.#time = time
    this.life = life
  }

  plug(cable: Cable): void {
    this.#cable = cable
  }

  arrive(bytes: Buffer): void {
    if (this.destroyed) return
    this.#restartTimeout()
    this.push(bytes)
  }

  lose(how: 'closed' | 'reset'): void {
    if (this.destroyed) return
    if (how === 'closed') this.push(null)
    else this.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  /** Calls back once when nothing has come for so long; 0 ends that. */
  setTimeout(ms: number, callback?: () => void): this {
    this.#timeoutMs = ms
    if (callback !== undefined) this.#onTimeout = callback
    this.#restartTimeout()
    return this
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    // A process that is killed here has not written it, and gets no answer.
    if (this.life?.step() === false) return
    this.#cable?.carry(bytes)
    done()
  }

  override _writev(writes: readonly { chunk: Buffer }[], done: () => void): void {
    this._write(Buffer.concat(writes.map(({ chunk }) => chunk)), '', done)
  }

  override _final(done: () => void): void {
    this.#cable?.cut('closed')
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#cancelTimeout?.()
    this.#cable?.cut('closed')
    done(error)
  }

  #restartTimeout(): void {
    this.#cancelTimeout?.()
    if (this.#timeoutMs > 0)
      this.#cancelTimeout = this.#time.after(this.#timeoutMs, () => this.#onTimeout?.(), this.life)
  }
}
