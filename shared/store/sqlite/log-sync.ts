import { closeSync, fdatasync, openSync } from 'node:fs'
import { StoreUnavailable } from '../store'

/** Flushes what has been written to a file to its disk; calls back with the error when that failed. */
export type SyncFile = (descriptor: number, done: (error: Error | null) => void) => void

/**
 * Flushes SQLite's write-ahead log beside the event loop, which SQLite itself would hold up meanwhile. A transaction is
 * on disk when its frames in the log are (https://www.sqlite.org/wal.html); who flushes them does not matter.
 */
export class LogSync {
  readonly #path: string
  readonly #sync: SyncFile
  #descriptor: number | undefined
  #running: Promise<void> | undefined
  #next: Promise<void> | undefined
  #failure: StoreUnavailable | undefined

  constructor(databaseFile: string, sync: SyncFile = fdatasync) {
    this.#path = `${databaseFile}-wal`
    this.#sync = sync
  }

  /** Resolves when all that was committed before is on disk; rejects with StoreUnavailable when it is not. */
  flushed(): Promise<void> {
    // One that is under way may have begun before the last commit.
    this.#next ??= this.#flushAfter(this.#running)
    return this.#next
  }

  /**
   * Throws once a flush has failed. The system may have dropped what it could not write and say of the next flush that
   * all is well (https://wiki.postgresql.org/wiki/Fsync_Errors), so that only a restart tells what is there.
   */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Resolves when no flush is under way or due, however they went. */
  async settled(): Promise<void> {
    await (this.#next ?? this.#running)?.catch(() => {})
  }

  /** After the last flush has settled. No lock of SQLite's ends with this descriptor: it takes none on the log. */
  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  async #flushAfter(running: Promise<void> | undefined): Promise<void> {
    await running?.catch(() => {})
    this.#running = this.#next
    this.#next = undefined
    this.check()
    await this.#flush()
  }

  async #flush(): Promise<void> {
    try {
      // The log is there from the first transaction on, and as long as a connection is open.
      const descriptor = (this.#descriptor ??= openSync(this.#path, 'r'))
      await new Promise<void>((resolve, reject) =>
        this.#sync(descriptor, (error) => (error === null ? resolve() : reject(error))),
      )
    } catch (cause) {
      this.#failure = new StoreUnavailable(
        `${this.#path} could not be flushed to disk (${(cause as Error).message}), so that what was written last may be lost: ` +
          'see to the disk, then restart this service',
        { cause },
      )
      throw this.#failure
    }
  }
}
