import { statSync } from 'node:fs'
import { StoreUnavailable } from '../store'
import type { Connection } from './connection'
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
  #last: Promise<unknown> = Promise.resolve()

  constructor(connection: Connection, path: string) {
    this.connection = connection
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
    if (this.connection.inTransaction) this.connection.control('ROLLBACK')
    await whenNotBusy(patienceMs, () => this.connection.control('BEGIN IMMEDIATE'))
  }

  commit(): void {
    this.connection.control('COMMIT')
  }

  /** Never throws. Some errors have ended the transaction already; one that cannot be ended now is by {@link begin}. */
  rollback(): void {
    if (!this.connection.inTransaction) return
    try {
      this.connection.control('ROLLBACK')
    } catch {
      return
    }
  }

  /** Writes to a deleted file succeed and are gone with the process; a message must not be acked for that. */
  checkFile(): void {
    if (statSync(this.#path, { throwIfNoEntry: false })?.ino === this.#inode) return
    throw new StoreUnavailable(`The database file ${this.#path} was deleted or replaced: restart this service`)
  }
}
