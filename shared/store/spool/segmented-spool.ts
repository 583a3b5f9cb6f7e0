import { failpoint } from '../../runtime/failpoints'
import { Fifo } from '../../runtime/fifo'
import { SpoolUnavailable, type Kept, type Spool, type SpoolEntry, type SpoolEvents, type SpoolStatus } from '../spool'
import type { Folder } from './folder'
import { setBytesAside, type FoundFolder } from './read-folder'
import { decodeRecord, encodeRecord } from './record'
import { Segment } from './segment'

export interface SpoolLimits {
  /** Of all segments together. */
  readonly maxBytes: number
  /** A segment that has reached this size gets no more records. */
  readonly segmentBytes: number
  /** As long as nothing can be stored, it is tried again after this time. */
  readonly retryMs: number
  /** A segment whose records are all done is deleted after so much silence. */
  readonly idleMs: number
}

export interface SpoolParts {
  readonly folder: Folder
  readonly limits: SpoolLimits
  readonly events: SpoolEvents
  readonly nowMs: () => number
  /** Gives the folder up. */
  readonly unlock: () => void
}

/** An entry, and where it stands. */
interface KeptRecord extends Kept {
  readonly segment: Segment
  readonly offset: number
  readonly recordLength: number
  isDone: boolean
}

interface Waiting {
  readonly record: Buffer
  readonly lane: string
  readonly storedAtMs: number
  readonly length: number
  readonly resolve: (kept: Kept) => void
  readonly reject: (error: Error) => void
}

const batchBytes = 1_048_576
// Whoever waits longer for the disk has given up, while what he has sent would still be in memory.
const mostWaitingBytes = 32 * 1_048_576
const stalledAfterMs = 3_000

/**
 * A spool in numbered files, written one after the other. What comes while a flush is under way goes into the next one
 * together. A file that could not be written or flushed gets nothing more, since the system may have dropped what it
 * could not write and say of the next flush that all is well (https://wiki.postgresql.org/wiki/Fsync_Errors).
 */
export class SegmentedSpool implements Spool {
  readonly #parts: SpoolParts
  readonly #segments: Segment[] = []
  readonly #damagedFiles: string[]
  /** In the order in which they were stored. */
  readonly #records = new WeakMap<Segment, Fifo<KeptRecord>>()
  #nextNumber: number
  #active: Segment | undefined
  #waiting: Waiting[] = []
  /** Of what waits and what is being written. */
  #waitingBytes = 0
  /** When the write that is under way began, on the clock of `performance.now`. */
  #writingSince = Infinity
  /** What was taken when a message last found no room. */
  #fullAt = Infinity
  #writing: Promise<void> | undefined
  readonly #removing = new Set<Promise<void>>()
  #failure: string | undefined
  #retry: NodeJS.Timeout | undefined
  #retrying: Promise<void> | undefined
  #idle: NodeJS.Timeout | undefined
  #closing: Promise<void> | undefined

  constructor(parts: SpoolParts, { damagedFiles, nextNumber }: Pick<FoundFolder, 'damagedFiles' | 'nextNumber'>) {
    this.#parts = parts
    this.#damagedFiles = [...damagedFiles]
    this.#nextNumber = nextNumber
  }

  /** Takes over what an earlier process has left; to be called before the first `append`, with the oldest first. */
  adopt({ segments }: Pick<FoundFolder, 'segments'>): readonly Kept[] {
    return segments.flatMap(({ segment, entries }) => {
      this.#segments.push(segment)
      return entries.map(({ lane, storedAtMs, bytesLength, offset, length: recordLength }) =>
        this.#kept({ lane, storedAtMs, length: bytesLength }, { segment, offset, recordLength }),
      )
    })
  }

  append({ lane, bytes }: SpoolEntry): Promise<Kept> {
    const storedAtMs = this.#parts.nowMs()
    const record = encodeRecord({ lane, bytes }, storedAtMs)
    const refusal = this.#refusal() ?? this.#wantOfRoom(record.length)
    if (refusal !== undefined) return Promise.reject(new SpoolUnavailable(refusal))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record, lane, storedAtMs, length: bytes.length, resolve, reject })
      this.#waitingBytes += record.length
      this.#writing ??= this.#writeWaiting()
    })
  }

  async read(kept: Kept): Promise<Buffer | undefined> {
    const { segment, offset, recordLength } = kept as KeptRecord
    const record = decodeRecord(await segment.read(offset, recordLength), 0)
    if (record !== undefined) return record.bytes
    await this.setAside(kept, 'its checksum does not fit')
    return undefined
  }

  done(kept: Kept): void {
    const record = kept as KeptRecord
    if (record.isDone) return
    record.isDone = true
    const { segment, offset } = record
    segment.live--
    segment.mark(offset)
    if (segment.live > 0) return
    if (segment !== this.#active) return this.#remove(segment)
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => this.#removeIdle(), this.#parts.limits.idleMs).unref()
  }

  async setAside(kept: Kept, why: string): Promise<void> {
    const { segment, offset, recordLength } = kept as KeptRecord
    const bytes = await segment.read(offset, recordLength)
    const { folder, events } = this.#parts
    const name = await setBytesAside(folder, { number: segment.number, offset, bytes, why }, events)
    if (!this.#damagedFiles.includes(name)) this.#damagedFiles.push(name)
    this.done(kept)
  }

  status(): SpoolStatus {
    return {
      messages: this.#segments.reduce((sum, { live }) => sum + live, 0),
      bytes: this.#bytes(),
      maxBytes: this.#parts.limits.maxBytes,
      oldestAtMs: this.#oldest()?.storedAtMs,
      refusal: this.#refusal() ?? this.#fullness(),
      damagedFiles: this.#damagedFiles,
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    clearTimeout(this.#retry)
    clearTimeout(this.#idle)
    try {
      await this.#writing
      await this.#retrying
      await Promise.all(this.#removing)
      for (const segment of this.#segments) await (segment.live === 0 ? segment.remove() : segment.close())
    } finally {
      this.#parts.unlock()
    }
  }

  #refusal(): string | undefined {
    if (this.#closing !== undefined) return 'the spool is closed'
    const slow = this.#waitingBytes > mostWaitingBytes || performance.now() - this.#writingSince > stalledAfterMs
    return this.#failure ?? (slow ? `the disk of ${this.#parts.folder.path} does not keep up` : undefined)
  }

  #wantOfRoom(bytes: number): string | undefined {
    const { maxBytes } = this.#parts.limits
    const taken = this.#bytes() + this.#waitingBytes
    if (taken + bytes <= maxBytes) return undefined
    // One that would not even fit into an empty one says nothing about the others.
    if (bytes > maxBytes) return `its ${bytes} bytes are more than the ${maxBytes} that SPOOL_MAX_BYTES allows`
    this.#fullAt = taken
    return this.#fullness()
  }

  #oldest(): KeptRecord | undefined {
    const segment = this.#segments.find(({ live }) => live > 0)
    const records = segment === undefined ? undefined : this.#records.get(segment)
    while (records?.peek()?.isDone === true) records.shift()
    return records?.peek()
  }

  /** It is full from the first message that has no room until there is more of it, though a smaller one might fit. */
  #fullness(): string | undefined {
    const taken = this.#bytes() + this.#waitingBytes
    if (taken < this.#fullAt) return undefined
    return `the spool is full: it has ${taken} of the ${this.#parts.limits.maxBytes} bytes that SPOOL_MAX_BYTES allows`
  }

  #bytes(): number {
    return this.#segments.reduce((sum, { size }) => sum + size, 0)
  }

  #kept(facts: Kept, place: Pick<KeptRecord, 'segment' | 'offset' | 'recordLength'>): KeptRecord {
    const { segment } = place
    const record = { ...facts, ...place, isDone: false }
    segment.live++
    const records = this.#records.get(segment) ?? new Fifo<KeptRecord>()
    records.push(record)
    this.#records.set(segment, records)
    return record
  }

  async #writeWaiting(): Promise<void> {
    clearTimeout(this.#idle)
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
    this.#writingSince = performance.now()
    const failure = await this.#stored(bytes)
    this.#writingSince = Infinity
    this.#waitingBytes -= bytes.length
    if (failure !== undefined) return this.#fail(batch, failure)
    const segment = this.#active as Segment
    let offset = segment.size - bytes.length
    for (const { record, resolve, ...facts } of batch) {
      const { lane, storedAtMs, length } = facts
      resolve(this.#kept({ lane, storedAtMs, length }, { segment, offset, recordLength: record.length }))
      offset += record.length
    }
    if (segment.size >= this.#parts.limits.segmentBytes) this.#active = undefined
  }

  /** Answers why not, if it was not. */
  async #stored(bytes: Buffer): Promise<SpoolUnavailable | undefined> {
    let segment: Segment | undefined
    try {
      segment = this.#active ??= await this.#create()
      await segment.write(bytes)
      failpoint('spool.written')
      await segment.flush(bytes.length)
      failpoint('spool.flushed')
      return undefined
    } catch (cause) {
      const remains = (await segment?.cutBack()) ?? 'no'
      const why = `${this.#parts.folder.path} does not take what is to be stored: ${(cause as Error).message}`
      return new SpoolUnavailable(why, { remains, cause })
    }
  }

  async #create(): Promise<Segment> {
    const segment = await Segment.create(this.#parts.folder, this.#nextNumber++)
    this.#segments.push(segment)
    return segment
  }

  #fail(batch: readonly Waiting[], failure: SpoolUnavailable): void {
    for (const { reject } of batch) reject(failure)
    for (const { reject } of this.#waiting.splice(0)) reject(new SpoolUnavailable(failure.message))
    this.#waitingBytes = 0
    const abandoned = this.#active
    this.#active = undefined
    if (abandoned?.live === 0) this.#remove(abandoned)
    this.#failure = failure.message
    this.#parts.events.failed(failure.message)
    this.#tryAgainLater()
  }

  #tryAgainLater(): void {
    if (this.#closing !== undefined) return
    const tryAgain = () => {
      this.#retrying = this.#tryAgain()
    }
    this.#retry = setTimeout(tryAgain, this.#parts.limits.retryMs).unref()
  }

  async #tryAgain(): Promise<void> {
    try {
      this.#active = await this.#create()
      this.#failure = undefined
      this.#parts.events.recovered()
    } catch {
      this.#tryAgainLater()
    }
  }

  #removeIdle(): void {
    const segment = this.#active
    if (segment === undefined || segment.live > 0 || this.#writing !== undefined) return
    this.#active = undefined
    this.#remove(segment)
  }

  #remove(segment: Segment): void {
    this.#segments.splice(this.#segments.indexOf(segment), 1)
    // What cannot be deleted now is deleted at the next start, by its marks.
    const removing = segment.remove().catch(() => {})
    this.#removing.add(removing)
    void removing.finally(() => this.#removing.delete(removing))
  }
}
