import { Batcher, type Answer } from '../batcher'
import { findDone, inboxParams } from '../portable-statements'
import { StoreUnavailable, type InboxKey } from '../store'
import type { Connection } from './connection'
import { whenNotBusy } from './patience'

const keysPerRead = 250

/**
 * Asks for many inbox rows in one read transaction. One for each would take and give back SQLite's locks for each, and
 * after every commit look through the file again for what it knew already.
 */
export class DoneReads {
  readonly #reader: Connection
  readonly #patienceMs: number
  readonly #batches = new Batcher<InboxKey, boolean>(keysPerRead, (keys) => this.#answer(keys))

  constructor(reader: Connection, patienceMs: number) {
    this.#reader = reader
    this.#patienceMs = patienceMs
  }

  isDone(key: InboxKey): Promise<boolean> {
    return this.#batches.ask(key)
  }

  async #answer(keys: readonly InboxKey[]): Promise<readonly Answer<boolean>[]> {
    try {
      const done = await this.#read(keys)
      return done.map((isDone) => () => Promise.resolve(isDone))
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error
      return keys.map((key) => async () => (await this.#read([key])).includes(true))
    }
  }

  #read(keys: readonly InboxKey[]): Promise<readonly boolean[]> {
    return whenNotBusy(this.#patienceMs, () => this.#reader.inReadTransaction(() => keys.map((key) => this.#find(key))))
  }

  #find(key: InboxKey): boolean {
    return this.#reader.all(findDone, inboxParams(key)).length > 0
  }
}
