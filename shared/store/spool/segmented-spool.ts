import { failpoint } from '../../runtime/failpoints'
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

/**
 * A spool in numbered files, written one after the other. What comes while a flush is under way goes into the next one
 * together. A file that could not be written or flushed gets nothing more, since the system may have dropped what it
 * could not write and say of the next flush that all is well (https://wiki.postgresql.org/wiki/Fsync_Errors).
 */
export class SegmentedSpool implements Spool {
  readonly #parts: SpoolParts
  readonly #segments: Segment[] = []
  readonly #damagedFiles: string[]
  #nextNumber: number
  #active: Segment | undefined
  #waiting: Waiting[] = []
  #waitingBytes = 0
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
    clearTimeout(this.#idle)
    if (segment !== this.#active) this.#remove(segment)
    else this.#idle = setTimeout(() => this.#removeIdle(), this.#parts.limits.idleMs).unref()
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
    const oldest = this.#segments.find(({ live }) => live > 0)
    return {
      messages: this.#segments.reduce((sum, { live }) => sum + live, 0),
      bytes: this.#bytes(),
      maxBytes: this.#parts.limits.maxBytes,
      oldestAtMs: oldest?.firstStoredAtMs,
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
    return this.#closing === undefined ? this.#failure : 'the spool is closed'
  }

  #wantOfRoom(bytes: number): string | undefined {
    const taken = this.#bytes() + this.#waitingBytes
    if (taken + bytes <= this.#parts.limits.maxBytes) return undefined
    this.#fullAt = taken
    return this.#fullness()
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
    place.segment.live++
    place.segment.firstStoredAtMs ??= facts.storedAtMs
    return { ...facts, ...place, isDone: false }
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
    this.#waitingBytes -= bytes
    return this.#waiting.splice(0, count)
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    const failure = await this.#stored(Buffer.concat(batch.map(({ record }) => record)))
    if (failure !== undefined) return this.#fail(batch, failure)
    const segment = this.#active as Segment
    let offset = segment.size - batch.reduce((sum, { record }) => sum + record.length, 0)
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
      if (this.#closing === undefined) this.#tryAgainLater()
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
