import type { Pool } from 'pg'
import { Batcher, type Answer } from '../batcher'
import { StoreUnavailable, type InboxKey } from '../store'
import { keyColumns } from './key-columns'
import { sendKept } from './send'

const keysPerRead = 100

const findAllDone = `select asked.place::int as place
  from unnest($1::text[], $2::text[], $3::text[]) with ordinality as asked (group_name, source, id, place)
  where exists (select 1 from handoff_inbox as inbox
    where inbox.group_name = asked.group_name and inbox.source = asked.source and inbox.id = asked.id)`

/** Asks for many inbox rows in one round trip. */
export class DoneReads {
  readonly #pool: Pool
  readonly #batches = new Batcher<InboxKey, boolean>(keysPerRead, (keys) => this.#answer(keys))

  constructor(pool: Pool) {
    this.#pool = pool
  }

  isDone(key: InboxKey): Promise<boolean> {
    return this.#batches.ask(key)
  }

  async #answer(keys: readonly InboxKey[]): Promise<readonly Answer<boolean>[]> {
    try {
      const done = await this.#read(keys)
      return done.map((isDone) => () => Promise.resolve(isDone))
    } catch (error) {
      // A key that the database does not take, such as one with a NUL, must not be the others' fault.
      if (error instanceof StoreUnavailable) throw error
      return keys.map((key) => async () => (await this.#read([key])).includes(true))
    }
  }

  async #read(keys: readonly InboxKey[]): Promise<readonly boolean[]> {
    const { rows } = await sendKept(this.#pool, 'handoff_find_all_done', findAllDone, keyColumns(keys))
    const done = new Set(rows.map(({ place }) => place))
    return keys.map((_, at) => done.has(at + 1))
  }
}
