/** Reads what PostgreSQL has written, from the front. Throws a RangeError beyond the end. */
export class ByteReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  letter(): string {
    return String.fromCharCode(this.uint8())
  }

  uint8(): number {
    return this.#bytes.readUInt8(this.#advance(1))
  }

  uint16(): number {
    return this.#bytes.readUInt16BE(this.#advance(2))
  }

  uint32(): number {
    return this.#bytes.readUInt32BE(this.#advance(4))
  }

  uint64(): bigint {
    return this.#bytes.readBigUInt64BE(this.#advance(8))
  }

  int64(): bigint {
    return this.#bytes.readBigInt64BE(this.#advance(8))
  }

  /** Up to the next zero byte. */
  name(): string {
    const end = this.#bytes.indexOf(0, this.#at)
    if (end < 0) throw new RangeError('a name has no end')
    const text = this.#bytes.toString('utf8', this.#at, end)
    this.#at = end + 1
    return text
  }

  text(length: number): string {
    const from = this.#advance(length)
    if (from + length > this.#bytes.length) throw new RangeError('a value has no end')
    return this.#bytes.toString('utf8', from, from + length)
  }

  #advance(length: number): number {
    const from = this.#at
    this.#at += length
    return from
  }
}
