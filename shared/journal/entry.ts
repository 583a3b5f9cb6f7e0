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
}

/** An entry that is sent with so many is full. */
export const recordsPerEntry = 250

const version = 1
const head = new RegExp(String.raw`^\{"version":${version},"writer":"([^"\\]*)","number":(\d+),`)

// Two of them together have to fit into an index of PostgreSQL, which takes 2,704 bytes.
const mostKeyBytes = 1_024

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

/** What travels: JSON of version, writer, the entry's number and its records. */
export function entryText(writer: string, number: number, records: readonly string[]): string {
  return `{"version":${version},"writer":${JSON.stringify(writer)},"number":${number},"records":[${records.join(',')}]}`
}

/** Undefined for what is no entry of ours, which anybody may have put there, or one of a later version. */
export function entryOf(text: string): Entry | undefined {
  try {
    const entry = JSON.parse(text) as Partial<Record<'version' | 'writer' | 'number' | 'records', unknown>>
    const { writer, records } = entry
    if (entry.version !== version || typeof writer !== 'string' || !Array.isArray(records)) return undefined
    return { writer, number: Number(entry.number), told: records.flatMap((record) => toldOf(writer, record) ?? []) }
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

/** Whether a text may be an id, a source or a type in the journal. */
export function isKey(text: unknown): text is string {
  return typeof text === 'string' && (text.length * 3 <= mostKeyBytes || Buffer.byteLength(text) <= mostKeyBytes)
}

/** A text as every database takes it. */
export function storable(text: string): string {
  return /[\0\ud800-\udfff]/.test(text) ? text.toWellFormed().replaceAll('\0', '\ufffd') : text
}
