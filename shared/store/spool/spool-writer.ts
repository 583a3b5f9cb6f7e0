import { afterReading } from '../../runtime/after-reading'
import { failpoint } from '../../runtime/failpoints'
import { SpoolUnavailable, type SpoolEvents } from '../spool'
import type { Segment } from './segment'

export interface SpoolWriterParts {
  /** For a person. */
  readonly path: string
  /** A segment that has reached this size gets no more records. */
  readonly segmentBytes: number
  /** As long as nothing can be stored, it is tried again after this time. */
  readonly retryMs: number
  readonly events: Pick<SpoolEvents, 'failed' | 'recovered'>
  /** Makes the next segment. */
  readonly create: () => Promise<Segment>
  /** A segment gets nothing more, since it could not be written. */
  readonly abandoned: (segment: Segment) => void
}

/** Where a record stands. */
export interface Place {
  readonly segment: Segment
  readonly offset: number
}

interface Waiting {
  readonly record: Buffer
  readonly placed: (place: Place) => void
  readonly reject: (error: Error) => void
}

const batchBytes = 1_048_576
// Whoever waits longer for the disk has given up, while what he has sent would still be in memory.
const mostWaitingBytes = 32 * 1_048_576
const stalledAfterMs = 3_000

/**
 * Writes records behind one another and flushes them. What comes while a flush is under way goes into the next one
 * together. A segment that could not be written or flushed gets nothing more, since the system may have dropped what it
 * could not write and say of the next flush that all is well (https://wiki.postgresql.org/wiki/Fsync_Errors).
 */
export class SpoolWriter {
  readonly #parts: SpoolWriterParts
  #active: Segment | undefined
  #waiting: Waiting[] = []
  #waitingBytes = 0
  /** Whether the write that is under way takes too long. */
  #isStalled = false
  #writing: Promise<void> | undefined
  #failure: string | undefined
  #retry: NodeJS.Timeout | undefined
  #retrying: Promise<void> | undefined
  #closed = false

  constructor(parts: SpoolWriterParts) {
    this.#parts = parts
  }

  /** The segment that the next record goes into, if there is one already. */
  get active(): Segment | undefined {
    return this.#active
  }

  /** Of what waits and what is being written. */
  get waitingBytes(): number {
    return this.#waitingBytes
  }

  /** Why nothing can be written now. */
  get refusal(): string | undefined {
    const slow = this.#waitingBytes > mostWaitingBytes || this.#isStalled
    return this.#failure ?? (slow ? `the disk of ${this.#parts.path} does not keep up` : undefined)
  }

  /**
   * Resolves with what `placed` answers once the record is on disk. That is called before anything else can happen to the
   * segment, which is deleted when it holds nothing. Rejects with {@link SpoolUnavailable}.
   */
  append<T>(record: Buffer, placed: (place: Place) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record, placed: (place) => resolve(placed(place)), reject })
      this.#waitingBytes += record.length
      this.#writing ??= this.#writeWaiting()
    })
  }

  /** Gives the active segment up, unless something is being written. */
  letGo(): Segment | undefined {
    if (this.#writing !== undefined) return undefined
    const segment = this.#active
    this.#active = undefined
    return segment
  }

  /** Writes what is under way and nothing after it. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#retry)
    await this.#writing
    await this.#retrying
  }

  async #writeWaiting(): Promise<void> {
    // What comes in the same turn of the event loop goes along.
    await new Promise(setImmediate)
    while (this.#waiting.length > 0) await this.#writeBatch(this.#nextBatch())
    this.#writing = undefined
  }

  #nextBatch(): readonly Waiting[] {
    let [count, bytes] = [0, 0]
    while (count < this.#waiting.length && bytes < batchBytes) bytes += this.#waiting[count++]?.record.length ?? 0
    return this.#waiting.splice(0, count)
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    const bytes = Buffer.concat(batch.map(({ record }) => record))
    const cancel = afterReading(stalledAfterMs, () => (this.#isStalled = true))
    const failure = await this.#stored(bytes)
    cancel()
    this.#isStalled = false
    this.#waitingBytes -= bytes.length
    if (failure !== undefined) return this.#fail(batch, failure)
    const segment = this.#active as Segment
    let offset = segment.size - bytes.length
    for (const { record, placed } of batch) {
      placed({ segment, offset })
      offset += record.length
    }
    if (segment.size >= this.#parts.segmentBytes) this.#active = undefined
  }

  /** Answers why not, if it was not. */
  async #stored(bytes: Buffer): Promise<SpoolUnavailable | undefined> {
    let segment: Segment | undefined
    try {
      segment = this.#active ??= await this.#parts.create()
      await segment.write(bytes)
      failpoint('spool.written')
      await segment.flush(bytes.length)
      failpoint('spool.flushed')
      return undefined
    } catch (cause) {
      const remains = (await segment?.cutBack()) ?? 'no'
      const why = `${this.#parts.path} does not take what is to be stored: ${(cause as Error).message}`
      return new SpoolUnavailable(why, { remains, cause })
    }
  }

  #fail(batch: readonly Waiting[], failure: SpoolUnavailable): void {
    for (const { reject } of batch) reject(failure)
    for (const { reject } of this.#waiting.splice(0)) reject(new SpoolUnavailable(failure.message))
    this.#waitingBytes = 0
    const abandoned = this.#active
    this.#active = undefined
    if (abandoned !== undefined) this.#parts.abandoned(abandoned)
    this.#failure = failure.message
    this.#parts.events.failed(failure.message)
    this.#tryAgainLater()
  }

  #tryAgainLater(): void {
    if (this.#closed) return
    const tryAgain = () => {
      this.#retrying = this.#tryAgain()
    }
    this.#retry = setTimeout(tryAgain, this.#parts.retryMs).unref()
  }

  async #tryAgain(): Promise<void> {
    try {
      this.#active = await this.#parts.create()
      this.#failure = undefined
      this.#parts.events.recovered()
    } catch {
      this.#tryAgainLater()
    }
  }
}
