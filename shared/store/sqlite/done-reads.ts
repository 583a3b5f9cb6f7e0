import { Batcher, type Answer } from '../batcher'
import { StoreUnavailable, type InboxKey } from '../store'
import type { Connection } from './connection'
import { whenNotBusy } from './patience'

const keysPerRead = 250
const idsPerStatement = 32

const findAllDone = `select id from handoff_inbox where group_name = $1 and source = $2
  and id in (${Array.from({ length: idsPerStatement }, (_, at) => `$${at + 3}`).join(', ')})`

/**
 * Asks for many inbox rows in one read transaction, and for many of one group and source in one statement. A transaction
 * for each would take and give back SQLite's locks for each, and after every commit look through the file again for what it
 * knew already.
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
    return whenNotBusy(this.#patienceMs, () => this.#reader.inReadTransaction(() => this.#find(keys)))
  }

  #find(keys: readonly InboxKey[]): readonly boolean[] {
    const done = new Set<InboxKey>()
    for (const alike of alikeOf(keys))
      for (let at = 0; at < alike.length; at += idsPerStatement)
        for (const key of this.#findAlike(alike.slice(at, at + idsPerStatement))) done.add(key)
    return keys.map((key) => done.has(key))
  }

  /** Those that are done, of at most {@link idsPerStatement} keys of one group and source. */
  #findAlike(keys: readonly InboxKey[]): readonly InboxKey[] {
    const [first] = keys as readonly [InboxKey, ...InboxKey[]]
    const ids = Array.from({ length: idsPerStatement }, (_, at) => (keys[at] ?? first).id)
    const found = this.#reader.all(findAllDone, [first.group, first.source, ...ids])
    if (found.length === 0) return []
    const texts = new Set(found.map(({ id }) => id))
    // As the database has it: half a character becomes another one on its way there.
    return keys.filter(({ id }) => texts.has(id.toWellFormed()))
  }
}

/** By group and source. */
function alikeOf(keys: readonly InboxKey[]): readonly (readonly InboxKey[])[] {
  const bySource = Map.groupBy(keys, ({ source }) => source)
  return [...bySource.values()].flatMap((alike) => [...Map.groupBy(alike, ({ group }) => group).values()])
}
