const slabBytes = 65_536

/**
 * Bytes of frames, one behind the other, in memory that is handed on when it is taken and never written again. What is
 * written needs room: {@link hasRoom} first, or {@link ascii}, which looks for itself.
 */
export class FrameBuffer {
  #slab = Buffer.allocUnsafeSlow(slabBytes)
  #start = 0
  #end = 0

  /** Where the next byte comes; also what {@link rewind} and {@link setLong} take. */
  get at(): number {
    return this.#end
  }

  /** Whether so many bytes can be added before {@link take}. */
  hasRoom(bytes: number): boolean {
    return this.#slab.length - this.#end >= bytes
  }

  /** All that was added since the last time; undefined when that is nothing. `nextBytes` have room afterwards. */
  take(nextBytes: number): Buffer | undefined {
    const taken = this.#end > this.#start ? this.#slab.subarray(this.#start, this.#end) : undefined
    this.#start = this.#end
    if (this.hasRoom(nextBytes)) return taken
    this.#slab = Buffer.allocUnsafeSlow(Math.max(slabBytes, nextBytes))
    this.#start = this.#end = 0
    return taken
  }

  /** Takes back what was added from there on. */
  rewind(at: number): void {
    this.#end = at
  }

  byte(value: number): void {
    this.#slab[this.#end++] = value
  }

  word(value: number): void {
    this.byte(value >>> 8)
    this.byte(value)
  }

  long(value: number): void {
    this.word(value >>> 16)
    this.word(value)
  }

  longLong(value: number): void {
    this.long(Math.floor(value / 2 ** 32))
    this.long(value)
  }

  /** Puts in a length that was not known when its place came by. */
  setLong(at: number, value: number): void {
    const end = this.#end
    this.#end = at
    this.long(value)
    this.#end = end
  }

  /** Adds a text byte by byte; adds nothing of which a character is more than a byte, or which has no room. */
  ascii(text: string): boolean {
    if (!this.hasRoom(text.length)) return false
    const slab = this.#slab
    const start = this.#end
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code > 0x7f) return false
      slab[start + i] = code
    }
    this.#end = start + text.length
    return true
  }

  bytes(bytes: Uint8Array): void {
    this.#slab.set(bytes, this.#end)
    this.#end += bytes.length
  }
}
