import type { SpoolEvents } from '../spool'
import { decodeMarks } from './done-marks'
import { writeAll, type Folder, type SpoolFile } from './folder'
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
 * of another version, and where no more files can be opened.
 */
export async function readFolder(folder: Folder, events: Told): Promise<FoundFolder> {
  const files = (await folder.names()).map((name) => ({ name, ...fileOf(name) }))
  const numbersOf = (kind: string) => files.flatMap((file) => (file.kind === kind ? (file.number ?? []) : [])).sort(asc)
  const segmentNumbers = numbersOf('spool')
  for (const orphan of numbersOf('done').filter((number) => !segmentNumbers.includes(number)))
    await folder.remove(marksName(orphan))
  const { segments, unreadable } = await readSegments(folder, segmentNumbers, events)
  const setAside = (await folder.names()).filter((name) => fileOf(name)?.kind === 'damaged')
  const damagedFiles = [...unreadable, ...setAside]
  // A spread of a hundred thousand names would be more arguments than the stack has room for.
  const nextNumber = 1 + files.reduce((highest, { number = 0 }) => Math.max(highest, number), 0)
  return { segments, damagedFiles, nextNumber }
}

const asc = (a: number, b: number) => a - b

async function readSegments(folder: Folder, numbers: readonly number[], events: Told) {
  const segments: FoundSegment[] = []
  const unreadable: string[] = []
  try {
    for (const number of numbers) {
      const found = await readSegment(folder, number, events)
      if (found === 'unreadable') unreadable.push(segmentName(number))
      else if (found !== undefined) segments.push(found)
    }
  } catch (error) {
    for (const { segment } of segments) await segment.close().catch(() => {})
    throw error
  }
  return { segments, unreadable }
}

/** Undefined when nothing in it is left to send. What cannot be read stays as it is, and is told. */
async function readSegment(
  folder: Folder,
  number: number,
  events: Told,
): Promise<FoundSegment | 'unreadable' | undefined> {
  const name = segmentName(number)
  try {
    const bytes = await folder.contents(name)
    refuseOtherFormat(name, bytes)
    const marks = await readMarks(folder, number, events)
    return await openSegment(folder, { number, bytes, marks, file: await folder.open(name) }, events)
  } catch (error) {
    if (error instanceof OtherFormat || isWantOfFiles(error)) throw error
    events.damaged({ file: name, bytes: 0, why: `cannot be read: ${(error as Error).message}` })
    return 'unreadable'
  }
}

/** None where they cannot be read: to send a message twice is less than not to send those beside it. */
async function readMarks(folder: Folder, number: number, events: Told): Promise<Buffer> {
  const name = marksName(number)
  try {
    return await folder.contents(name)
  } catch (error) {
    if (isWantOfFiles(error)) throw error
    const { code, message } = error as NodeJS.ErrnoException
    const why = `cannot be read, so what was sent of its messages is sent again: ${message}`
    if (code !== 'ENOENT') events.damaged({ file: name, bytes: 0, why })
    return Buffer.alloc(0)
  }
}

interface SegmentParts {
  readonly number: number
  readonly bytes: Buffer
  readonly marks: Buffer
  readonly file: SpoolFile
}

/** Fails for nothing: what it holds can be sent. */
async function openSegment(
  folder: Folder,
  { number, bytes, marks, file }: SegmentParts,
  events: Told,
): Promise<FoundSegment | undefined> {
  const done = decodeMarks(number, marks)
  const { records, damaged, tornAt } = scanRecords(bytes)
  if (tornAt !== undefined) await cutOff(file, { name: segmentName(number), tornAt, size: bytes.length }, events)
  const segment = new Segment(folder, number, { file, size: tornAt ?? bytes.length })
  segment.continueMarks(marks.length - (marks.length % 8))
  for (const { from, to } of isNew(bytes) ? [] : damaged.filter((range) => !isSettled(range, done)))
    await setRangeAside(folder, segment, { from, bytes: bytes.subarray(from, to) }, events)
  const left = records.filter(({ offset }) => !done.has(offset))
  const entries = left.map(({ bytes: { length: bytesLength }, ...facts }) => ({ ...facts, bytesLength }))
  if (entries.length > 0) return { segment, entries }
  // What cannot be deleted now is deleted at the next start.
  await segment.remove().catch(() => {})
  return undefined
}

/** Nothing more is written to it, so an end that stays does no harm and is found again at the next start. */
async function cutOff(
  file: SpoolFile,
  { name, tornAt, size }: { readonly name: string; readonly tornAt: number; readonly size: number },
  events: Told,
): Promise<void> {
  const facts = { file: name, bytes: size - tornAt }
  try {
    await file.truncate(tornAt)
    events.torn(facts)
  } catch (error) {
    events.damaged({ ...facts, why: `its torn end cannot be cut off: ${(error as Error).message}` })
  }
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

/** It says nothing of the file, which a start with a higher limit can read. */
export function isWantOfFiles(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'EMFILE' || code === 'ENFILE'
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
