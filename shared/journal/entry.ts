import { contentOf, type Content } from './content'
import { isKey, storable } from './key'
import { keyOf, stepOf, type RawStep } from './step-text'
import type { StepMessage, ToldStep } from './step'

/** The steps of a message that were read from one entry. */
export interface Told {
  readonly message: StepMessage
  readonly steps: readonly ToldStep[]
}

export interface EntryHead {
  /** Whoever wrote it. */
  readonly writer: string
  /** Counted by its writer. */
  readonly number: number
}

export interface Entry extends EntryHead {
  readonly told: readonly Told[]
  /** What messages carried, where that is kept. */
  readonly contents: readonly Content[]
}

/** An entry that is sent with so many is full. */
export const recordsPerEntry = 250

const version = 1
const head = new RegExp(String.raw`^\{"version":${version},"writer":"([^"\\]*)","number":(\d+),`)

/** Some steps of one message, as JSON: an array, to be short. `number` is counted by whoever tells it. */
export function recordText(number: number, message: StepMessage, steps: readonly RawStep[]): string {
  const { id, source, type, correlationId, causationId } = message
  const isAlone = correlationId === undefined && causationId === undefined
  return JSON.stringify(
    isAlone ? [number, id, source, type, steps] : [number, id, source, type, steps, correlationId, causationId],
  )
}

/** Whether a record's text, as {@link recordText} makes it, is one of a message with this id. */
export function isRecordOf(id: string, record: string): boolean {
  return record.startsWith(`${JSON.stringify(id)},`, record.indexOf(',') + 1)
}

/** Whether an entry's text may have a record of a message with this id. */
export function mayTellOf(id: string, entry: string): boolean {
  const wanted = JSON.stringify(id).replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
  return new RegExp(String.raw`\[\d+,${wanted},`).test(entry)
}

/** What travels: JSON of version, writer, the entry's number, its records, and contents where there are any. */
export function entryText(
  writer: string,
  number: number,
  records: readonly string[],
  contents: readonly string[] = [],
): string {
  const beside = contents.length === 0 ? '' : `,"contents":[${contents.join(',')}]`
  return `{"version":${version},"writer":${JSON.stringify(writer)},"number":${number},"records":[${records.join(',')}]${beside}}`
}

/** Undefined for what is no entry of ours, which anybody may have put there, or one of a later version. */
export function entryOf(text: string): Entry | undefined {
  try {
    const entry = JSON.parse(text) as Partial<Record<'version' | 'writer' | 'number' | 'records' | 'contents', unknown>>
    const { writer, records, contents } = entry
    if (entry.version !== version || typeof writer !== 'string' || !Array.isArray(records)) return undefined
    return {
      ...{ writer, number: Number(entry.number) },
      told: records.flatMap((record) => toldOf(writer, record) ?? []),
      contents: Array.isArray(contents) ? contents.flatMap((each) => contentOf(each) ?? []) : [],
    }
  } catch {
    return undefined
  }
}

/** The head alone, which stands at the beginning of what {@link entryText} wrote. */
export function headOf(body: Buffer): EntryHead | undefined {
  const beginning = body.toString('latin1', 0, 200)
  const [, writer, number] = head.exec(beginning) ?? []
  return writer === undefined ? undefined : { writer, number: Number(number) }
}

function toldOf(writer: string, record: unknown): Told | undefined {
  if (!Array.isArray(record)) return undefined
  const [number, id, source, type, steps, correlationId, causationId] = record as unknown[]
  if (!Number.isSafeInteger(number) || !isKey(id) || !isKey(source) || !isKey(type) || !Array.isArray(steps))
    return undefined
  const message: StepMessage = {
    id: storable(id),
    source: storable(source),
    type: storable(type),
    ...(isKey(correlationId) && { correlationId: storable(correlationId) }),
    ...(isKey(causationId) && { causationId: storable(causationId) }),
  }
  return { message, steps: steps.flatMap((step, at) => stepOf(step, keyOf(writer, number as number, at)) ?? []) }
}
