import type { SpoolEvents } from '../spool'
import { decodeMarks } from './done-marks'
import { writeAll, type Folder } from './folder'
import { fileHeader, scanRecords, type FoundRecord } from './record'
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
 * a segment with nothing left to send is deleted. Rejects for a segment in a format of another version.
 */
export async function readFolder(folder: Folder, events: Told): Promise<FoundFolder> {
  const files = (await folder.names()).map((name) => ({ name, ...fileOf(name) }))
  const numbersOf = (kind: string) => files.flatMap((file) => (file.kind === kind ? (file.number ?? []) : [])).sort(asc)
  const segmentNumbers = numbersOf('spool')
  for (const orphan of numbersOf('done').filter((number) => !segmentNumbers.includes(number)))
    await folder.remove(marksName(orphan))
  const segments: FoundSegment[] = []
  for (const number of segmentNumbers) {
    const found = await readSegment(folder, number, events)
    if (found !== undefined) segments.push(found)
  }
  const damagedFiles = (await folder.names()).filter((name) => fileOf(name)?.kind === 'damaged')
  const nextNumber = 1 + Math.max(0, ...files.flatMap(({ number }) => number ?? []))
  return { segments, damagedFiles, nextNumber }
}

const asc = (a: number, b: number) => a - b

async function readSegment(folder: Folder, number: number, events: Told): Promise<FoundSegment | undefined> {
  const bytes = await folder.contents(segmentName(number))
  refuseOtherFormat(segmentName(number), bytes)
  const marks = await folder.contents(marksName(number)).catch(absent)
  const done = decodeMarks(number, marks)
  const { records, damaged, tornAt } = scanRecords(bytes)
  for (const { from, to } of damaged)
    await setBytesAside(
      folder,
      { number, offset: from, bytes: bytes.subarray(from, to), why: 'no whole record' },
      events,
    )
  const file = await folder.open(segmentName(number))
  if (tornAt !== undefined) {
    await file.truncate(tornAt)
    events.torn({ file: segmentName(number), bytes: bytes.length - tornAt })
  }
  const segment = new Segment(folder, number, { file, size: tornAt ?? bytes.length })
  segment.continueMarks(marks.length - (marks.length % 8))
  const left = records.filter(({ offset }) => !done.has(offset))
  const entries = left.map(({ bytes: { length: bytesLength }, ...facts }) => ({ ...facts, bytesLength }))
  if (entries.length > 0) return { segment, entries }
  await segment.remove()
  return undefined
}

function absent(error: NodeJS.ErrnoException): Buffer {
  if (error.code === 'ENOENT') return Buffer.alloc(0)
  throw error
}

function refuseOtherFormat(name: string, bytes: Buffer): void {
  const [header] = /^HANDOFF-SPOOL-\d+\n/.exec(bytes.toString('latin1', 0, 24)) ?? []
  if (header !== undefined && header !== fileHeader.toString())
    throw new Error(
      `${name} was written by another version (${header.trim()}); send what is in it with that version first`,
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
