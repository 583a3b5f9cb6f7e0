import { statSync } from 'node:fs'
import { StoreUnavailable } from '../store'
import type { Connection } from './connection'
import type { LogSync } from './log-sync'
import { whenNotBusy } from './patience'

const defaultPatienceMs = 5_000

/**
 * The one connection that writes. It has a single transaction, and an interactive one stays open across awaits, so they
 * take turns; the next one need not wait until what the last one wrote is on disk.
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

  /**
   * Runs `work` in a transaction that nobody else writes in, and resolves once it is committed. Readers see it then; it is
   * on disk when {@link flushed} says so, or when a later transaction is.
   */
  transaction<T>(work: () => Promise<T> | T, patienceMs = defaultPatienceMs): Promise<T> {
    return this.#exclusive(async () => {
      try {
        await this.#begin(patienceMs)
        const result = await work()
        this.connection.control('COMMIT')
        return result
      } catch (error) {
        // Never throws. What cannot be ended now is by the next one.
        this.connection.endTransaction()
        throw error
      }
    })
  }

  /** Resolves when everything that a reader can have seen is on disk. */
  flushed(): Promise<void> {
    return this.#log.flushed()
  }

  /** Waits for the transaction under way and for flushes, then calls `last` and closes. Never rejects for what they did. */
  close(last: () => void): Promise<void> {
    return this.#exclusive(async () => {
      await this.#log.settled()
      last()
      this.connection.close()
      this.#log.close()
    })
  }

  /** Writes to a deleted file succeed and are gone with the process; a message must not be acked for that. */
  checkFile(): void {
    if (statSync(this.#path, { throwIfNoEntry: false })?.ino === this.#inode) return
    throw new StoreUnavailable(`The database file ${this.#path} was deleted or replaced: restart this service`)
  }

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => undefined)
    return result
  }

  /** Takes the write lock, waiting for other processes. */
  async #begin(patienceMs: number): Promise<void> {
    this.checkFile()
    this.#log.check()
    if (this.connection.inTransaction) this.connection.control('ROLLBACK')
    await whenNotBusy(patienceMs, () => this.connection.control('BEGIN IMMEDIATE'))
  }
}
