import { encodeMark } from './done-marks'
import { readAt, writeAll, type Folder, type SpoolFile } from './folder'
import { fileHeader } from './record'

// Whoever has no room for a large body has none for the next one either, and would say so each time anew.
const probeBytes = 65_536

const aheadBytes = 65_536
// Lanes of which one has fallen behind read at several places.
const mostAhead = 4

/** A part of the file that has been read, or is being. */
interface Ahead {
  readonly from: number
  readonly to: number
  /** Undefined when it could not be read. */
  readonly bytes: Promise<Buffer | undefined>
}

/**
 * One file of records, and beside it one of marks that say which of them are done. Marks are not flushed: a message whose
 * mark is lost is sent once more under its id.
 */
export class Segment {
  readonly number: number
  /** Records that are not done. */
  live = 0
  /** Something in it could not be set aside, so it is not deleted. */
  isKept = false
  /** The end of what is known to be on disk. */
  size: number
  readonly #folder: Folder
  readonly #file: SpoolFile
  #marks: Buffer[] = []
  #marking: Promise<void> = Promise.resolve()
  #ahead: readonly Ahead[] = []
  #marksFile: SpoolFile | undefined
  #marksSize = 0

  constructor(folder: Folder, number: number, { file, size }: { readonly file: SpoolFile; readonly size: number }) {
    this.#folder = folder
    this.number = number
    this.#file = file
    this.size = size
  }

  /** Makes an empty one, on a disk that has been seen to take a large body. */
  static async create(folder: Folder, number: number): Promise<Segment> {
    await folder.remove(marksName(number))
    const file = await folder.create(segmentName(number))
    try {
      await writeAll(file, Buffer.alloc(probeBytes), 0)
      await file.datasync()
      await file.truncate(0)
      // Only now: a crash before it leaves nothing that could be taken for damaged records.
      await writeAll(file, fileHeader, 0)
      await file.datasync()
    } catch (error) {
      await file.close().catch(() => {})
      await folder.remove(segmentName(number)).catch(() => {})
      throw error
    }
    return new Segment(folder, number, { file, size: fileHeader.length })
  }

  get name(): string {
    return segmentName(this.number)
  }

  async write(bytes: Buffer): Promise<void> {
    await writeAll(this.#file, bytes, this.size)
  }

  /** Makes what was written last part of the segment. */
  async flush(bytes: number): Promise<void> {
    await this.#file.datasync()
    this.size += bytes
  }

  /** Takes back what was written and not flushed; answers whether it may be found after a restart all the same. */
  async cutBack(): Promise<'no' | 'perhaps'> {
    try {
      await this.#file.truncate(this.size)
      await this.#file.datasync()
      return 'no'
    } catch {
      return 'perhaps'
    }
  }

  /** What is read next mostly stands behind what was read last, so some more is read along. */
  async read(offset: number, length: number): Promise<Buffer> {
    const known = this.#ahead.find((ahead) => isWithin(ahead, offset, length))
    const ahead = known ?? this.#readAhead(offset, length)
    const bytes = await ahead.bytes
    // A sector that cannot be read must not cost the records beside it.
    if (bytes === undefined) return readAt(this.#file, offset, length)
    return bytes.subarray(offset - ahead.from, offset - ahead.from + length)
  }

  mark(offset: number): void {
    if (this.#marks.length === 0) this.#marking = this.#marking.then(() => this.#writeMarks())
    this.#marks.push(encodeMark(this.number, offset))
  }

  async close(): Promise<void> {
    await this.#marking
    await this.#file.close()
    await this.#marksFile?.close()
  }

  /** Closes it and deletes its files, the marks last: without them its records would be taken for unsent. */
  async remove(): Promise<void> {
    await this.close()
    if (this.isKept) return
    await this.#folder.remove(this.name)
    await this.#folder.remove(marksName(this.number))
  }

  #readAhead(from: number, length: number): Ahead {
    const to = Math.max(from + length, Math.min(from + aheadBytes, this.size))
    const bytes = readAt(this.#file, from, to - from).catch(() => undefined)
    const ahead = { from, to, bytes }
    this.#ahead = [ahead, ...this.#ahead.slice(0, mostAhead - 1)]
    return ahead
  }

  async #writeMarks(): Promise<void> {
    const marks = Buffer.concat(this.#marks.splice(0))
    try {
      this.#marksFile ??= await this.#folder.open(marksName(this.number))
      await writeAll(this.#marksFile, marks, this.#marksSize)
      this.#marksSize += marks.length
    } catch {
      // A disk without room for a mark: the message is sent again after a restart, which does no harm.
    }
  }

  /** Further marks go behind those that the file has. */
  continueMarks(bytes: number): void {
    this.#marksSize = bytes
  }
}

function isWithin({ from, to }: Ahead, offset: number, length: number): boolean {
  return offset >= from && offset + length <= to
}

export function segmentName(number: number): string {
  return `${String(number).padStart(8, '0')}.spool`
}

export function marksName(number: number): string {
  return `${String(number).padStart(8, '0')}.done`
}

export function damagedName(number: number, offset: number): string {
  return `${String(number).padStart(8, '0')}-${offset}.damaged`
}

/** What a file in the folder is, by its name; undefined for what is not ours. */
export function fileOf(name: string): { readonly number: number; readonly kind: string } | undefined {
  const [, digits, kind] = /^(\d{8})(?:-\d+)?\.(spool|done|damaged)$/.exec(name) ?? []
  return digits === undefined || kind === undefined ? undefined : { number: Number(digits), kind }
}
