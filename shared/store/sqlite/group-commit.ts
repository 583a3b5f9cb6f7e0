import { setImmediate as nextTurn } from 'node:timers/promises'
import { StoreUnavailable } from '../store'
import type { Connection } from './connection'
import type { Writer } from './writer'

/** Bounds how long one flush keeps the event loop. */
const unitsPerCommit = 250

interface Pending {
  readonly unit: () => unknown
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Tells one unit's caller how it went; called only after the commit. */
type Settle = () => void

/**
 * Lets many units of work share one commit, and so one fsync, which is what a commit costs. One whose SQL fails is undone
 * and rejected alone: all are undone then, and run once more, each in a savepoint of its own. A savepoint for every unit
 * would be half of the statements that a unit needs.
 */
export class GroupCommit {
  readonly #writer: Writer
  #waiting: Pending[] = []
  #next: 'none' | 'scheduled' = 'none'
  /** Of the batch that was begun last. One after the other, so that what comes meanwhile gathers into one. */
  #last: Promise<void> = Promise.resolve()

  constructor(writer: Writer) {
    this.#writer = writer
  }

  /** Runs the unit, which must not wait for anything, and resolves with its value once it is on disk. */
  submit<T>(unit: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ unit, resolve: (value) => resolve(value as T), reject })
      this.#schedule()
    })
  }

  /** Resolves when nothing has been submitted that is not settled. */
  async idle(): Promise<void> {
    for (; this.#next === 'scheduled'; await this.#last) await nextTurn()
    await this.#last
  }

  #schedule(): void {
    if (this.#next === 'scheduled') return
    this.#next = 'scheduled'
    setImmediate(() => {
      this.#last = this.#last.then(() => this.#runBatch())
    })
  }

  async #runBatch(): Promise<void> {
    const batch = this.#waiting.splice(0, unitsPerCommit)
    this.#next = 'none'
    if (this.#waiting.length > 0) this.#schedule()
    const settles = await this.#committed(batch)
    for (const settle of settles) settle()
  }

  async #committed(batch: readonly Pending[], run: RunUnit = together): Promise<readonly Settle[]> {
    const writer = this.#writer
    try {
      const settles = await writer.transaction(() => batch.map((pending) => run(pending, writer.connection)))
      await writer.flushed()
      return settles
    } catch (error) {
      if (error instanceof StoreUnavailable || batch.length === 1)
        return batch.map((pending) => () => pending.reject(error))
      return run === together ? this.#committed(batch, inSavepoint) : this.#eachAlone(batch)
    }
  }

  /**
   * One unit can take the transaction from all: `INSERT OR ROLLBACK`, or a deferred foreign key that fails at the
   * commit. Then each gets a transaction of its own, so that only the guilty one is rejected.
   */
  async #eachAlone(batch: readonly Pending[]): Promise<readonly Settle[]> {
    const settles: Settle[] = []
    for (const pending of batch) settles.push(...(await this.#committed([pending])))
    return settles
  }
}

type RunUnit = (pending: Pending, connection: Connection) => Settle

/** Without a net: what it throws undoes the others. */
const together: RunUnit = ({ unit, resolve }) => {
  const value = unit()
  return () => resolve(value)
}

const inSavepoint: RunUnit = ({ unit, resolve, reject }, connection) => {
  connection.control('SAVEPOINT unit')
  try {
    const value = unit()
    connection.control('RELEASE unit')
    return () => resolve(value)
  } catch (error) {
    if (error instanceof StoreUnavailable || !connection.inTransaction) throw error
    connection.control('ROLLBACK TO unit')
    connection.control('RELEASE unit')
    return () => reject(error)
  }
}
