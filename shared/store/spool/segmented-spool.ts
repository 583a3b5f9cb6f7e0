import { Fifo } from '../../runtime/fifo'
import { SpoolUnavailable, type Kept, type Spool, type SpoolEntry, type SpoolEvents, type SpoolStatus } from '../spool'
import type { Folder } from './folder'
import { setBytesAside, type FoundFolder } from './read-folder'
import { decodeRecord, encodeRecord } from './record'
import { Segment } from './segment'
import { SpoolWriter } from './spool-writer'

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

/**
 * A spool in numbered files, written one after the other. Each is deleted when all that it holds is done, so room is freed
 * by whole files.
 */
export class SegmentedSpool implements Spool {
  readonly #parts: SpoolParts
  readonly #writer: SpoolWriter
  readonly #segments: Segment[] = []
  readonly #damagedFiles: string[]
  /** In the order in which they were stored. */
  readonly #records = new WeakMap<Segment, Fifo<KeptRecord>>()
  #nextNumber: number
  /** What was taken when a message last found no room. */
  #fullAt = Infinity
  readonly #removing = new Set<Promise<void>>()
  #idle: NodeJS.Timeout | undefined
  #closing: Promise<void> | undefined

  constructor(parts: SpoolParts, { damagedFiles, nextNumber }: Pick<FoundFolder, 'damagedFiles' | 'nextNumber'>) {
    this.#parts = parts
    this.#damagedFiles = [...damagedFiles]
    this.#nextNumber = nextNumber
    const { folder, limits, events } = parts
    this.#writer = new SpoolWriter({
      path: folder.path,
      segmentBytes: limits.segmentBytes,
      retryMs: limits.retryMs,
      events,
      create: () => this.#create(),
      abandoned: (segment) => {
        if (segment.live === 0) this.#remove(segment)
      },
    })
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
    clearTimeout(this.#idle)
    const facts = { lane, storedAtMs, length: bytes.length }
    return this.#writer.append(record, (place) => this.#kept(facts, { ...place, recordLength: record.length }))
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
    if (segment !== this.#writer.active) return this.#remove(segment)
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
    clearTimeout(this.#idle)
    try {
      await this.#writer.close()
      await Promise.all(this.#removing)
      for (const segment of this.#segments) await (segment.live === 0 ? segment.remove() : segment.close())
    } finally {
      this.#parts.unlock()
    }
  }

  #refusal(): string | undefined {
    return this.#closing === undefined ? this.#writer.refusal : 'the spool is closed'
  }

  #wantOfRoom(bytes: number): string | undefined {
    const { maxBytes } = this.#parts.limits
    const taken = this.#bytes() + this.#writer.waitingBytes
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
    const taken = this.#bytes() + this.#writer.waitingBytes
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

  async #create(): Promise<Segment> {
    const segment = await Segment.create(this.#parts.folder, this.#nextNumber++)
    this.#segments.push(segment)
    return segment
  }

  #removeIdle(): void {
    if (this.#writer.active?.live !== 0) return
    const segment = this.#writer.letGo()
    if (segment !== undefined) this.#remove(segment)
  }

  #remove(segment: Segment): void {
    this.#segments.splice(this.#segments.indexOf(segment), 1)
    // What cannot be deleted now is deleted at the next start, by its marks.
    const removing = segment.remove().catch(() => {})
    this.#removing.add(removing)
    void removing.finally(() => this.#removing.delete(removing))
  }
}
