import type { Pool, PoolClient } from 'pg'
import { failpoint } from '../../runtime/failpoints'
import { Batcher, type Answer as AnswerOf } from '../batcher'
import { StoreUnavailable, type Applied, type InboxKey, type Write } from '../store'
import { Turns } from '../../runtime/turns'
import { keyColumns } from './key-columns'
import { inTransaction } from './in-transaction'
import { isContention } from './postgres-errors'
import { repeatConflicts } from './repeat-conflicts'
import { sendForCaller, sendKept } from './send'
import { sentTogether } from './sent-together'
import { statementName } from './statement-names'

export interface Unit {
  readonly key: InboxKey
  readonly writes: readonly Write[]
}

type Answer = AnswerOf<Applied>
/** Under which name a connection keeps a statement; undefined when it is to be parsed anew. */
type NameOf = (sql: string) => string | undefined

const unitsPerCommit = 100
const patientAtOnce = 2

// Who waits for a lock must not keep the whole batch waiting, nor the group's next one.
const beginTogether = 'BEGIN; SET LOCAL lock_timeout = 50'
const beginAlone = 'BEGIN; SET LOCAL lock_timeout = 20'
const beginPatiently = 'BEGIN'
const markAllDone = `insert into handoff_inbox (group_name, source, id)
  select * from unnest($1::text[], $2::text[], $3::text[]) on conflict do nothing returning source, id`

/**
 * Lets the units of one group share a transaction, and so a flush to disk. Where one of them fails or meets a lock, the
 * batch is undone and each gets a transaction of its own, with its statements parsed anew; who meets a lock there, too, waits for it in a third one, while
 * the next batch goes on. A group uses at most three connections, so that one whose table is locked
 * leaves the others theirs.
 */
export class GroupCommit {
  readonly #pool: Pool
  readonly #batches = new Batcher<Unit, Applied>(unitsPerCommit, (units) => this.#answer(units))
  readonly #patient = new Turns(patientAtOnce)

  constructor(pool: Pool) {
    this.#pool = pool
  }

  submit(unit: Unit): Promise<Applied> {
    return this.#batches.ask(unit)
  }

  async #answer(units: readonly Unit[]): Promise<readonly Answer[]> {
    try {
      const outcomes = await this.#commit(beginTogether, units, statementName)
      return outcomes.map((applied) => () => Promise.resolve(applied))
    } catch (error) {
      if (isAway(error)) throw error
    }
    const answers: Answer[] = []
    for (const unit of units) answers.push(await this.#alone(unit))
    return answers
  }

  async #alone(unit: Unit): Promise<Answer> {
    try {
      const applied = await this.#commitOne(beginAlone, unit)
      return () => Promise.resolve(applied)
    } catch (error) {
      // Everyone is told, also whose unit is committed already: trying again is safe, and finds it done.
      if (isAway(error)) throw error
      if (error instanceof StoreUnavailable) return () => this.#patiently(unit)
      return () => Promise.reject(asError(error))
    }
  }

  #patiently(unit: Unit): Promise<Applied> {
    return this.#patient.take(() => repeatConflicts(() => this.#commitOne(beginPatiently, unit)))
  }

  async #commitOne(begin: string, unit: Unit): Promise<Applied> {
    const [applied] = await this.#commit(begin, [unit])
    return applied as Applied
  }

  #commit(begin: string, units: readonly Unit[], nameOf: NameOf = () => undefined): Promise<readonly Applied[]> {
    return inTransaction(this.#pool, begin, (client) => apply(client, units, nameOf))
  }
}

function isAway(error: unknown): boolean {
  return error instanceof StoreUnavailable && !isContention(error)
}

async function apply(client: PoolClient, units: readonly Unit[], nameOf: NameOf): Promise<readonly Applied[]> {
  const fresh = await claim(client, units)
  const writes = units.filter((_, at) => fresh[at]).flatMap((unit) => unit.writes)
  // Sent together; the first to fail is the cause, the others fail because of it.
  const answers = await Promise.allSettled(
    sentTogether(client, () => writes.map(({ sql, params }) => sendForCaller(client, sql, params, nameOf(sql)))),
  )
  const failed = answers.find((answer) => answer.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  failpoint('store.transaction-open')
  return fresh.map((isFresh) => (isFresh ? 'applied' : 'duplicate'))
}

/** Writes the done rows; tells of each unit whether its row is new. Of two with one key the first has it. */
async function claim(client: PoolClient, units: readonly Unit[]): Promise<readonly boolean[]> {
  const keys = units.map(({ key }) => key)
  const { rows } = await sendKept(client, 'handoff_mark_all_done', markAllDone, keyColumns(keys))
  const claimed = new Set(rows.map(({ source, id }) => JSON.stringify([source, id])))
  return keys.map(({ source, id }) => claimed.delete(JSON.stringify([source, id])))
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
