import type { SpoolEvents } from '../spool'
import { decodeMarks } from './done-marks'
import { writeAll, type Folder } from './folder'
import { otherFormat, scanRecords, type DamagedRange, type FoundRecord } from './record'
import { damagedName, fileOf, marksName, Segment, segmentName } from './segment'

/** A record that is not done, without its bytes: all of them together may be more than memory has room for. */
export interface FoundEntry extends Omit<FoundRecord, 'bytes'> {
  readonly bytesLength: number
}

/** A segment that an earlier process has left. */
export interface FoundSegment {
  readonly segment: Segment
  readonly entries: readonly FoundEntry[]
}

export interface FoundFolder {
  /** Oldest first. */
  readonly segments: readonly FoundSegment[]
  readonly damagedFiles: readonly string[]
  /** Higher than that of any file that is there. */
  readonly nextNumber: number
}

type Told = Pick<SpoolEvents, 'damaged' | 'torn'>

/**
 * Reads what is in the folder. The torn end of a segment is cut off, what is damaged is copied to a file of its own, and
 * a segment with nothing left to send is deleted. What cannot be read stops nothing else. Rejects for a segment in a format
 * of another version.
 */
export async function readFolder(folder: Folder, events: Told): Promise<FoundFolder> {
  const files = (await folder.names()).map((name) => ({ name, ...fileOf(name) }))
  const numbersOf = (kind: string) => files.flatMap((file) => (file.kind === kind ? (file.number ?? []) : [])).sort(asc)
  const segmentNumbers = numbersOf('spool')
  for (const orphan of numbersOf('done').filter((number) => !segmentNumbers.includes(number)))
    await folder.remove(marksName(orphan))
  const segments: FoundSegment[] = []
  const unreadable: string[] = []
  for (const number of segmentNumbers) {
    const found = await readSegment(folder, number, events)
    if (found === 'unreadable') unreadable.push(segmentName(number))
    else if (found !== undefined) segments.push(found)
  }
  const setAside = (await folder.names()).filter((name) => fileOf(name)?.kind === 'damaged')
  const damagedFiles = [...unreadable, ...setAside]
  // A spread of a hundred thousand names would be more arguments than the stack has room for.
  const nextNumber = 1 + files.reduce((highest, { number = 0 }) => Math.max(highest, number), 0)
  return { segments, damagedFiles, nextNumber }
}

const asc = (a: number, b: number) => a - b

/** Undefined when nothing in it is left to send, or when it cannot be read: then it stays as it is, and is told. */
async function readSegment(
  folder: Folder,
  number: number,
  events: Told,
): Promise<FoundSegment | 'unreadable' | undefined> {
  const name = segmentName(number)
  try {
    const bytes = await folder.contents(name)
    refuseOtherFormat(name, bytes)
    const marks = await folder.contents(marksName(number)).catch(absent)
    return await openSegment(folder, { number, bytes, marks }, events)
  } catch (error) {
    if (error instanceof OtherFormat) throw error
    events.damaged({ file: name, bytes: 0, why: `cannot be read: ${(error as Error).message}` })
    return 'unreadable'
  }
}

interface SegmentBytes {
  readonly number: number
  readonly bytes: Buffer
  readonly marks: Buffer
}

async function openSegment(
  folder: Folder,
  { number, bytes, marks }: SegmentBytes,
  events: Told,
): Promise<FoundSegment | undefined> {
  const done = decodeMarks(number, marks)
  const { records, damaged, tornAt } = scanRecords(bytes)
  const file = await folder.open(segmentName(number))
  if (tornAt !== undefined) {
    await file.truncate(tornAt)
    events.torn({ file: segmentName(number), bytes: bytes.length - tornAt })
  }
  const segment = new Segment(folder, number, { file, size: tornAt ?? bytes.length })
  segment.continueMarks(marks.length - (marks.length % 8))
  for (const { from, to } of isNew(bytes) ? [] : damaged.filter((range) => !isSettled(range, done)))
    await setRangeAside(folder, segment, { from, bytes: bytes.subarray(from, to) }, events)
  const left = records.filter(({ offset }) => !done.has(offset))
  const entries = left.map(({ bytes: { length: bytesLength }, ...facts }) => ({ ...facts, bytesLength }))
  if (entries.length > 0) return { segment, entries }
  await segment.remove()
  return undefined
}

async function setRangeAside(
  folder: Folder,
  segment: Segment,
  { from, bytes }: { readonly from: number; readonly bytes: Buffer },
  events: Told,
): Promise<void> {
  const aside = { number: segment.number, offset: from, bytes, why: 'no whole record' }
  try {
    await setBytesAside(folder, aside, events)
    for (const place of marksOfAside(from, from + bytes.length)) segment.mark(place)
  } catch (error) {
    segment.isKept = true
    events.damaged({ file: segment.name, bytes: bytes.length, why: `cannot be set aside: ${(error as Error).message}` })
  }
}

/** It was sent before it was damaged, and so is nobody's loss, or it was set aside at an earlier start. */
function isSettled({ from, to, records }: DamagedRange, done: ReadonlySet<number>): boolean {
  return (records === 'one' && done.has(from)) || marksOfAside(from, to).every((place) => done.has(place))
}

/** Places inside of a range, where no record begins: what is marked there is that the range was set aside. */
function marksOfAside(from: number, to: number): readonly number[] {
  return [from + 1, to - 1]
}

/** Zeros alone: it was being made when all ended, and nothing has been stored in it. */
function isNew(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0)
}

function absent(error: NodeJS.ErrnoException): Buffer {
  if (error.code === 'ENOENT') return Buffer.alloc(0)
  throw error
}

class OtherFormat extends Error {}

function refuseOtherFormat(name: string, bytes: Buffer): void {
  const format = otherFormat(bytes)
  if (format !== undefined)
    throw new OtherFormat(
      `${name} is in format ${format}, of another version; send what is in it with that version first`,
    )
}

export interface AsideBytes {
  readonly number: number
  readonly offset: number
  readonly bytes: Buffer
  readonly why: string
}

/** Copies bytes to a file of their own, flushed, and tells; answers with its name. */
export async function setBytesAside(
  folder: Folder,
  { number, offset, bytes, why }: AsideBytes,
  events: Pick<SpoolEvents, 'damaged'>,
): Promise<string> {
  const name = damagedName(number, offset)
  const file = await folder.open(name)
  try {
    await writeAll(file, bytes, 0)
    await file.datasync()
  } finally {
    await file.close()
  }
  events.damaged({ file: name, bytes: bytes.length, why })
  return name
}
