import type { JournalLog } from '../messaging/journal-log'
import type { Envelope } from '../messaging/transport'
import type { Clock } from '../runtime/clock'
import type { Content } from './content'
import { ContentQueue } from './content-queue'
import { entryText, isRecordOf, recordsPerEntry, recordText } from './entry'
import { isKey } from './key'
import { isInSample } from './sample'
import type { Step, StepMessage } from './step'
import { rawOf, type RawStep } from './step-text'

export interface JournalEvents {
  /** Steps are not kept now; they are held back until there are too many. Told once until they are again. */
  failed(why: string): void
  /** `dropped` records, or what messages carried, were too many and are in no journal. */
  recovered(dropped: number): void
  /** Records that were too many, and what so many messages carried, counted one by one. */
  dropped(): void
}

export interface JournalParts {
  readonly log: Pick<JournalLog, 'append'>
  /** The name of this writer, unlike that of any other. */
  readonly writer: string
  /** The share of messages whose steps are kept, from 0 to 1. */
  readonly share: number
  readonly clock: Clock
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly events: JournalEvents
  /** Hears of each entry once it is in the log. */
  readonly appended?: (entry: AppendedEntry) => void
}

export interface AppendedEntry {
  /** Counted from 1. */
  readonly number: number
  readonly text: string
}

/** What a step is told of: an envelope, or as much of one as is known. */
export type Subject = Pick<Envelope, 'id' | 'source' | 'type' | 'extensions'>

/** A step that is taken now, unless it says when it was. */
export type NewStep = Omit<Step, 'at'> & { readonly at?: number }

const gatherMs = 250
const mostRecords = 20_000
const mostBytes = 16 * 1_048_576
const againMs = 1_000
const closePatienceMs = 2_000

interface OpenRecord {
  readonly number: number
  readonly subject: Subject
  readonly steps: RawStep[]
}

/**
 * Tells the steps of messages to the log, many at once: it never keeps a message waiting. Steps that are told of one
 * envelope before they are sent make one record. What is not sent when the process dies is in no journal.
 */
export class Journal {
  readonly #parts: JournalParts
  /** Of messages under way, to which more may be added. */
  readonly #open = new Map<Subject, OpenRecord>()
  /**
   * Nothing is added to these any more. As text, since thousands of small objects that live for a quarter of a second
   * would be copied by the garbage collector again and again.
   */
  #told: string[] = []
  /** Of these, about. */
  #bytes = 0
  readonly #contents = new ContentQueue()
  #records = 0
  #entries = 0
  #gathering: (() => void) | undefined
  #sending: Promise<void> | undefined
  #entry: AppendedEntry | undefined
  #wake = () => {}
  #state: 'sound' | 'failing' = 'sound'
  #dropped = 0
  #closed = false

  constructor(parts: JournalParts) {
    this.#parts = parts
  }

  /** `last`: nothing will be told of this envelope soon. */
  note(subject: Subject, step: NewStep, last?: 'last'): void {
    const record = this.#open.get(subject) ?? this.#begin(subject)
    if (record === undefined) return
    record.steps.push(rawOf(step, step.at ?? this.#parts.now()))
    if (last === undefined) return
    this.#open.delete(subject)
    this.#tell(record)
  }

  /** Whether anything of this message is kept. */
  wants(subject: Pick<Subject, 'id' | 'source' | 'type'>): boolean {
    return isInSample(subject.id, this.#parts.share) && fits(subject)
  }

  /** What a message carried, to be kept beside its steps. */
  keep(content: Content): void {
    if (this.#closed) return
    for (let gone = this.#contents.add(content); gone > 0; gone--) this.#drop()
    this.#sendSoon()
  }

  /** Texts of entries with what is not in the log yet and tells of messages with this id, among others. */
  unsent(id: string): readonly string[] {
    const open = [...this.#open.values()].filter(({ subject }) => subject.id === id).map(textOf)
    const told = [...this.#told.filter((text) => isRecordOf(id, text)), ...open]
    const entries = told.length === 0 ? [] : [entryText(this.#parts.writer, 0, told)]
    return this.#entry === undefined ? entries : [this.#entry.text, ...entries]
  }

  /** Sends what has been told, as far as the log takes it within two seconds. */
  async close(): Promise<void> {
    let cancel = () => {}
    const late = new Promise<void>((resolve) => (cancel = this.#parts.clock.after(closePatienceMs, resolve)))
    await Promise.race([this.#sendRest(), late])
    cancel()
    if (this.#sending !== undefined && this.#state === 'sound')
      this.#parts.events.failed('no answer within two seconds')
    this.#gathering?.()
    this.#closed = true
    this.#wake()
  }

  get #count(): number {
    return this.#open.size + this.#told.length
  }

  get #hasMore(): boolean {
    return this.#count > 0 || this.#contents.size > 0
  }

  #begin(subject: Subject): OpenRecord | undefined {
    if (!this.wants(subject)) return undefined
    if (this.#closed || this.#count >= mostRecords || this.#bytes >= mostBytes) return this.#drop()
    const record: OpenRecord = { number: ++this.#records, subject, steps: [] }
    this.#open.set(subject, record)
    this.#sendSoon()
    return record
  }

  #drop(): undefined {
    this.#dropped++
    this.#parts.events.dropped()
  }

  #tell(record: OpenRecord): void {
    this.#seal(record)
    if (this.#told.length >= recordsPerEntry) this.#send()
  }

  #seal(record: OpenRecord): void {
    const text = textOf(record)
    this.#told.push(text)
    this.#bytes += text.length
  }

  #sendSoon(): void {
    this.#gathering ??= this.#parts.clock.after(gatherMs, () => {
      this.#gathering = undefined
      for (const record of this.#open.values()) this.#seal(record)
      this.#open.clear()
      this.#send()
    })
  }

  #send(): void {
    this.#sending ??= this.#sendFull().finally(() => {
      this.#sending = undefined
      if (this.#hasMore && !this.#closed) this.#sendSoon()
    })
  }

  async #sendFull(): Promise<void> {
    do await this.#append()
    while ((this.#told.length >= recordsPerEntry || this.#contents.isFull) && !this.#closed)
  }

  async #sendRest(): Promise<void> {
    while ((this.#hasMore || this.#sending !== undefined) && !this.#closed) {
      for (const record of this.#open.values()) this.#seal(record)
      this.#open.clear()
      this.#send()
      await this.#sending
    }
  }

  async #append(): Promise<void> {
    const { log, writer, appended, events } = this.#parts
    const records = this.#told.slice(0, recordsPerEntry)
    const contents = this.#contents.take()
    if (records.length + contents.length === 0) return
    this.#told = this.#told.slice(recordsPerEntry)
    for (const { length } of records) this.#bytes -= length
    const number = ++this.#entries
    const entry = { number, text: entryText(writer, number, records, contents) }
    this.#entry = entry
    const body = Buffer.from(entry.text)
    for (;;) {
      const { outcome, detail } = await log.append(body)
      if (outcome === 'confirmed') break
      if (this.#closed) return
      if (this.#state === 'sound') events.failed(detail)
      this.#state = 'failing'
      await this.#pause()
    }
    this.#entry = undefined
    appended?.(entry)
    this.#recover()
  }

  #recover(): void {
    if (this.#state === 'sound') return
    this.#state = 'sound'
    this.#parts.events.recovered(this.#dropped)
    this.#dropped = 0
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#parts.clock.after(againMs, resolve)
      this.#wake = () => {
        cancel()
        resolve()
      }
    })
  }
}

function textOf({ number, subject, steps }: OpenRecord): string {
  return recordText(number, messageOf(subject), steps)
}

/** What is longer is not kept, and would make an entry that no broker takes. */
function fits({ id, source, type }: Pick<Subject, 'id' | 'source' | 'type'>): boolean {
  return isKey(id) && isKey(source) && isKey(type)
}

function keyOrNone(text: string | undefined): string | undefined {
  return isKey(text) ? text : undefined
}

function messageOf({ id, source, type, extensions }: Subject): StepMessage {
  const [correlationId, causationId] = [extensions['correlationid'], extensions['causationid']].map(keyOrNone)
  if (correlationId === undefined && causationId === undefined) return { id, source, type }
  return {
    id,
    source,
    type,
    ...(correlationId !== undefined && { correlationId }),
    ...(causationId !== undefined && { causationId }),
  }
}
