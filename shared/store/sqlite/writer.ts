import { statSync } from 'node:fs'
import { StoreUnavailable } from '../store'
import type { Connection } from './connection'
import type { LogSync } from './log-sync'
import { whenNotBusy } from './patience'

const defaultPatienceMs = 5_000

/**
 * The one connection that writes. Whoever begins a transaction does so inside {@link exclusive}, one after the other:
 * the connection has a single transaction, and an interactive one stays open across awaits.
 */
export class Writer {
  readonly connection: Connection
  readonly #path: string
  readonly #inode: number
  readonly #log: LogSync
  #last: Promise<unknown> = Promise.resolve()

  constructor(connection: Connection, path: string, log: LogSync) {
    this.connection = connection
    this.#log = log
    this.#path = path
    this.#inode = statSync(path).ino
  }

  exclusive<T>(work: () => Promise<T> | T): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => undefined)
    return result
  }

  /** Takes the write lock, waiting for other processes. */
  async begin(patienceMs = defaultPatienceMs): Promise<void> {
    this.checkFile()
    this.#log.check()
    if (this.connection.inTransaction) this.connection.control('ROLLBACK')
    await whenNotBusy(patienceMs, () => this.connection.control('BEGIN IMMEDIATE'))
  }

  /** Resolves when the transaction is on disk. Readers see it before. */
  async commit(): Promise<void> {
    this.connection.control('COMMIT')
    await this.#log.flushed()
  }

  /** For what can be had again from elsewhere: it is on disk when a later transaction is. */
  commitWithoutFlush(): void {
    this.connection.control('COMMIT')
  }

  /** Resolves when everything that a reader can have seen is on disk. */
  flushed(): Promise<void> {
    return this.#log.flushed()
  }

  close(): void {
    this.connection.close()
    this.#log.close()
  }

  /** Never throws. A transaction that cannot be ended now is by {@link begin}. */
  rollback(): void {
    this.connection.endTransaction()
  }

  /** Writes to a deleted file succeed and are gone with the process; a message must not be acked for that. */
  checkFile(): void {
    if (statSync(this.#path, { throwIfNoEntry: false })?.ino === this.#inode) return
    throw new StoreUnavailable(`The database file ${this.#path} was deleted or replaced: restart this service`)
  }
}
