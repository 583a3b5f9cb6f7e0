import type { JournalEntry, JournalFollower, JournalPlace } from '../messaging/journal-log'
import { fullJitterMs, pause, type Random } from '../runtime/backoff'
import {
  keyText,
  type JournalKey,
  type JournalPosition,
  type JournalRow,
  type JournalTable,
} from '../store/journal-table'
import { StoreUnavailable } from '../store/store'
import { entryOf, headOf, recordsPerEntry, type EntryHead, type Told } from './entry'
import { extended } from './history'
import { stateOf } from './state'
import { stepsOf, textOf } from './step-text'

export interface ProjectionEvents {
  /** The table cannot be written or read now; told once until it can. */
  failed(error: Error): void
  recovered(): void
  /** The table does not take these entries, and never will: they are left out. */
  refused(error: Error): void
}

export interface ProjectionParts {
  /** The name of the log, since a table may hold what several say. */
  readonly log: string
  readonly table: Pick<JournalTable, 'position' | 'advance'>
  readonly events: ProjectionEvents
  readonly random: Random
  /** Hears of the entries that are in the table now. */
  readonly projected: (entries: readonly EntryHead[]) => void
}

const again = { firstMs: 100, maxMs: 5_000 }
/** How long one who finds everything done by another lets entries gather, so that the other stays ahead. */
const standByMs = 500
/** Entries by which he may be behind for that. */
const standByEntries = 20
/** What a commit costs is shared by them; so many keep others from writing for some 50 ms. */
const messagesPerWrite = 4 * recordsPerEntry
/**
 * How long entries gather after a write: what is told of one message by one service and soon after by the next is one row
 * then, written once.
 */
const gatherMs = 200
/** As many as come at once have gathered already. */
const gatheredEntries = 10

/**
 * Follows the log and keeps in the table what has become of each message. Several may do so at once with one table: of two
 * that have the same entries, the table's position lets one write them. What is read twice changes nothing.
 */
export class Projection implements JournalFollower {
  readonly #parts: ProjectionParts
  readonly #stopping = new AbortController()
  /** Where the table was when we last knew. */
  #known: JournalPosition | undefined
  /** `another`: the table's position is one in a log that is no more. `left`: our entries are of it, and the table is in the next. */
  #log: 'same' | 'another' | 'left' = 'same'
  #state: 'sound' | 'failing' = 'sound'

  constructor(parts: ProjectionParts) {
    this.#parts = parts
  }

  async place(): Promise<JournalPlace | undefined> {
    this.#known = await this.#position()
    this.#log = 'same'
    return this.#known
  }

  anew(): void {
    this.#log = 'another'
  }

  async take(entries: readonly JournalEntry[]): Promise<void> {
    try {
      await this.#take(entries)
    } catch (error) {
      // What is read next time is the same again.
      if (!this.#stopping.signal.aborted) throw error
    }
  }

  /** Takes nothing more; what it is asked then rejects. */
  stop(): void {
    this.#stopping.abort(new Error('the projection was stopped'))
  }

  async #take(entries: readonly JournalEntry[]): Promise<void> {
    await this.#look()
    const isAt = this.#known?.offset ?? -1
    const fresh = this.#log === 'same' ? entries.filter(({ offset }) => offset > isAt) : entries
    for (const piece of piecesOf(fresh)) {
      const begunAt = performance.now()
      await this.#write(piece)
      // As long as it took: whoever else writes to this database comes in between.
      await pause(performance.now() - begunAt, this.#stopping.signal)
    }
    this.#stopping.signal.throwIfAborted()
    // Only who has told something himself has to know.
    this.#parts.projected(entries.flatMap(({ body }) => headOf(body) ?? []))
    if (this.#log === 'left') throw new Error('the log was begun anew, and another has read of it: the place is his')
    const behind = isAt - (entries.at(-1)?.offset ?? 0)
    if (fresh.length === 0 && behind < standByEntries) await pause(standByMs, this.#stopping.signal)
    else if (entries.length < gatheredEntries) await pause(gatherMs, this.#stopping.signal)
  }

  async #write({ told, covers, to }: Piece): Promise<void> {
    const merged = mergedOf(told)
    let target = this.#log === 'left' ? this.#known : (to ?? this.#known)
    while (!this.#stopping.signal.aborted) {
      if ((await this.#advance(target, merged)) === 'advanced') {
        this.#known = target
        if (to !== undefined && this.#log === 'another') this.#log = 'same'
        return
      }
      // Another has moved on meanwhile, perhaps not as far: once more from where it is now.
      await this.#look()
      const isAt = this.#known?.offset ?? -1
      if (isAt >= covers && this.#log === 'same') return
      const isPassed = (target?.offset ?? -1) < isAt && this.#log === 'same'
      if (isPassed || this.#log === 'left') target = this.#known
      await pause(fullJitterMs(0, again, this.#parts.random), this.#stopping.signal)
    }
  }

  async #advance(to: JournalPosition | undefined, merged: Merged): Promise<'advanced' | 'elsewhere'> {
    const { log, table, events } = this.#parts
    const keys = [...merged.values()].map(({ message: { source, id } }): JournalKey => ({ source, id }))
    const update = (kept: readonly JournalRow[]) => updated(kept, merged)
    const own = { log, from: this.#known, to }
    try {
      return await this.#untilDone(() => table.advance({ ...own, keys, update }), 'passing ones only')
    } catch (error) {
      if (this.#stopping.signal.aborted) throw error
      events.refused(error as Error)
      return this.#untilDone(() => table.advance({ ...own, keys: [], update: () => [] }))
    }
  }

  /** Within one log the table never goes back: where it has, another has begun a new one, and ours must not move it on. */
  async #look(): Promise<void> {
    const before = this.#known
    this.#known = await this.#position()
    if (this.#log === 'same' && isBack(before, this.#known)) this.#log = 'left'
  }

  #position(): Promise<JournalPosition | undefined> {
    return this.#untilDone(() => this.#parts.table.position(this.#parts.log))
  }

  /** Repeats what fails, by default however it fails. */
  async #untilDone<T>(work: () => Promise<T>, repeat: 'always' | 'passing ones only' = 'always'): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      this.#stopping.signal.throwIfAborted()
      try {
        const done = await this.#unlessStopped(work())
        if (this.#state === 'failing') this.#parts.events.recovered()
        this.#state = 'sound'
        return done
      } catch (error) {
        this.#stopping.signal.throwIfAborted()
        if (repeat !== 'always' && !(error instanceof StoreUnavailable)) throw error
        if (this.#state === 'sound') this.#parts.events.failed(error as Error)
        this.#state = 'failing'
        await pause(fullJitterMs(attempt, again, this.#parts.random), this.#stopping.signal)
      }
    }
  }

  /** A store that does not answer must not keep anybody from stopping. */
  async #unlessStopped<T>(work: Promise<T>): Promise<T> {
    const { signal } = this.#stopping
    let stop = () => {}
    const stopped = new Promise<never>((_, reject) => {
      stop = () => reject(signal.reason as Error)
      signal.addEventListener('abort', stop)
    })
    try {
      return await Promise.race([work, stopped])
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }
}

/** One that is gone was deleted by a person, and says nothing. */
function isBack(before: JournalPosition | undefined, now: JournalPosition | undefined): boolean {
  if (before === undefined || now === undefined) return false
  return now.offset < before.offset || (now.offset === before.offset && now.id !== before.id)
}

/** What is written in one transaction. */
interface Piece {
  readonly told: readonly Told[]
  /** The offset of the last entry that it has anything of. */
  readonly covers: number
  /** The last entry that is written as a whole then; undefined when none is. */
  readonly to: JournalPosition | undefined
}

type Merged = ReadonlyMap<string, Told>

/** Many entries in one, a very large one in several: what is written of an entry is known again when it is read again. */
function* piecesOf(entries: readonly JournalEntry[]): Iterable<Piece> {
  let [told, to]: [Told[], JournalPosition | undefined] = [[], undefined]
  for (const { offset, id, body } of entries) {
    for (const one of entryOf(body.toString('utf8'))?.told ?? []) {
      if (told.length >= messagesPerWrite) {
        yield { told, covers: offset, to }
        ;[told, to] = [[], undefined]
      }
      told.push(one)
    }
    to = { offset, id }
  }
  const last = entries.at(-1)
  if (last !== undefined) yield { told, covers: last.offset, to }
}

function mergedOf(told: readonly Told[]): Merged {
  const merged = new Map<string, Told>()
  for (const { message, steps } of told) {
    const key = keyText(message)
    const known = merged.get(key)
    merged.set(key, known === undefined ? { message, steps } : { message, steps: [...known.steps, ...steps] })
  }
  return merged
}

/** Throws for a row whose steps cannot be read, which only somebody else can have written. */
function updated(kept: readonly JournalRow[], merged: Merged): readonly JournalRow[] {
  const before = new Map(kept.map((row) => [keyText(row), row]))
  return [...merged].map(([key, { message, steps: more }]) => {
    const row = before.get(key)
    const steps = extended(row === undefined ? [] : stepsOf(row.steps), more)
    return {
      id: message.id,
      source: message.source,
      type: message.type,
      state: stateOf(steps).state,
      correlationId: message.correlationId ?? row?.correlationId,
      causationId: message.causationId ?? row?.causationId,
      steps: textOf(steps),
    }
  })
}
