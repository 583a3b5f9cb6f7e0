import { fullJitterMs, pause, type Random } from '../runtime/backoff'
import type { CheckResult } from '../runtime/probes'
import type { NewOutboxRow, Outbox } from '../store/outbox'
import type { Catalog, SlotState } from './catalog'
import { ChangeWriter } from './change-writer'
import { FollowProblem } from './follow-problem'
import { fullName, type FollowedTable } from './followed-table'
import type { Lsn } from './lsn'
import type { Place } from './place'
import { checkTables, prepare } from './prepare'
import { ReplicationStream } from './replication-stream'

export interface FollowerParts {
  readonly url: string
  /** The name of the slot and of the publication. */
  readonly slot: string
  readonly tables: readonly FollowedTable[]
  readonly catalog: Catalog
  readonly outbox: Pick<Outbox, 'add'>
  /** The CloudEvents `source` of what becomes of a table. */
  readonly source: (table: string) => string
  readonly random: Random
  readonly events: FollowerEvents
}

export interface FollowerEvents {
  /** Changes are in the outbox. */
  written(rows: readonly NewOutboxRow[]): void
  /** Told when it changes. `wrong`: a person has to do something. `away`: it is tried again. */
  state(kind: State['kind'], detail: string): void
  lag(bytes: number): void
}

type State = CheckResult & { readonly kind: 'starting' | 'following' | 'standby' | 'away' | 'wrong' }

interface ReadFacts {
  readonly systemId: string
  /** More than ever before is where it cannot be lost. */
  readonly gotOn: () => void
}

const again = { firstMs: 200, maxMs: 2_000 }
const standbyMs = 1_000
const lookAgainMs = 5_000
const farewellMs = 3_000

const slotIsActive = '55006'

/**
 * Follows tables from the place up to which their changes are in the outbox, over any number of lost connections. Of several
 * processes that follow by one slot the database lets one read; the others stand by.
 */
export class Follower {
  readonly #parts: FollowerParts
  readonly #stopping = new AbortController()
  #state: State = { kind: 'starting', status: 'degraded', detail: 'not connected yet' }
  #slot: SlotState | undefined
  #stream: ReplicationStream | undefined
  #running: Promise<unknown> = Promise.resolve()
  /** Over all connections. One that brings us no further is a failure, though the database has answered well. */
  #done: Lsn = 0n
  #written: Place | undefined

  constructor(parts: FollowerParts) {
    this.#parts = parts
  }

  start(): void {
    this.#running = Promise.all([this.#run(), this.#watch()])
  }

  /** Reads nothing more; what has been read and not written will be read again. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    const ended = this.#stream?.close()
    // The database may not answer, or make a slot for as long as others keep their transactions open.
    const waiting = new AbortController()
    await Promise.race([Promise.all([ended, this.#running]), pause(farewellMs, waiting.signal)])
    waiting.abort()
    void this.#parts.catalog.close().catch(() => {})
  }

  check(): CheckResult {
    const { status, detail, kind } = this.#state
    if (this.#slot === undefined) return { status, detail }
    const { lagBytes, walStatus } = this.#slot
    const told = `${detail}; the database keeps ${lagBytes} bytes of its log for the slot ${this.#parts.slot}`
    if (status !== 'ok' || walStatus !== 'unreserved') return { status, detail: kind === 'wrong' ? detail : told }
    return {
      status: 'degraded',
      detail: `${told} and will delete them at its next checkpoint (wal_status = unreserved)`,
    }
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#isStopping; failures++) {
      const outcome = await this.#followOnce(() => (failures = 0)).catch((error: Error) => this.#failed(error))
      if (outcome === 'standby') failures = 0
      const waitMs =
        outcome === 'standby' ? standbyMs : again.firstMs + fullJitterMs(failures, again, this.#parts.random)
      await pause(waitMs, this.#stopping.signal)
    }
  }

  /** Ends when there is nothing to read for us; rejects when that failed. */
  async #followOnce(gotOn: () => void): Promise<'standby'> {
    const { catalog, url, slot, tables } = this.#parts
    const found = await prepare(catalog, { slot, tables })
    if (found.activePid !== undefined) return this.#standBy(found.activePid)
    const stream = await ReplicationStream.connect({ url, slot })
    this.#stream = stream
    try {
      const systemId = await stream.systemId()
      await stream.start()
      await this.#lookAtSlot()
      const names = tables.map(fullName).join(', ')
      this.#enter({ kind: 'following', status: 'ok', detail: `follows ${names}` })
      return await this.#read(stream, { systemId, gotOn })
    } catch (error) {
      if ((error as { code?: unknown }).code === slotIsActive) return this.#standBy()
      throw error
    } finally {
      await stream.close()
    }
  }

  async #read(stream: ReplicationStream, { systemId, gotOn }: ReadFacts): Promise<never> {
    const { tables, outbox, source, catalog, events } = this.#parts
    const writer = new ChangeWriter({
      tables,
      outbox,
      source,
      systemId,
      primaryKey: (oid) => catalog.primaryKey(oid),
      before: this.#written,
      written: (rows, place) => {
        this.#written = place
        events.written(rows)
      },
    })
    for (;;) {
      const messages = await stream.next()
      const done = await writer.take(messages)
      stream.confirm(done)
      if (messages.some((message) => message.kind === 'keepalive' && message.wantsAnswer)) stream.answer()
      if (done <= this.#done) continue
      this.#done = done
      gotOn()
    }
  }

  #standBy(pid?: number): 'standby' {
    const by = pid === undefined ? 'another process' : `the database's process ${pid}`
    this.#enter({ kind: 'standby', status: 'ok', detail: `stands by: the slot is read through ${by}` })
    return 'standby'
  }

  #failed(error: Error): 'failed' {
    if (this.#isStopping) return 'failed'
    if (error instanceof FollowProblem) this.#enter({ kind: 'wrong', status: 'failed', detail: error.message })
    else this.#enter({ kind: 'away', status: 'degraded', detail: `cannot follow now: ${error.message}; trying again` })
    return 'failed'
  }

  #enter(state: State): void {
    const isNew = state.kind !== this.#state.kind || (state.kind === 'wrong' && state.detail !== this.#state.detail)
    this.#state = state
    if (isNew) this.#parts.events.state(state.kind, state.detail)
  }

  async #watch(): Promise<void> {
    while (!this.#isStopping) {
      await this.#lookAtSlot()
      if (this.#state.kind === 'following') await this.#lookAtTables()
      await pause(lookAgainMs, this.#stopping.signal)
    }
  }

  async #lookAtSlot(): Promise<void> {
    this.#slot = await this.#parts.catalog.slot(this.#parts.slot).catch(() => undefined)
    if (this.#slot !== undefined) this.#parts.events.lag(this.#slot.lagBytes)
  }

  /** The slot is silent about a table that was taken out of the publication, or has another name, and says that all is told. */
  async #lookAtTables(): Promise<void> {
    const stream = this.#stream
    await checkTables(this.#parts.catalog, this.#parts).catch((error: Error) => {
      if (error instanceof FollowProblem) stream?.end(error)
    })
  }
}
