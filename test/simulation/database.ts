import {
  StoreUnavailable,
  type Applied,
  type InboxKey,
  type StartsKey,
  type Store,
  type Trace,
  type Transaction,
  type Write,
} from '../../shared/store/store'
import type { Chance } from './chance'
import type { Life } from './life'
import type { VirtualTime } from './virtual-time'

/** What a database does while it lasts. */
export interface DatabaseMood {
  readonly leastMs: number
  readonly mostMs: number
  /** How probably a statement fails before it has done anything. */
  readonly away: number
  /** How probably it is done, and the answer is lost. */
  readonly mute: number
}

export const answering: DatabaseMood = { leastMs: 0.1, mostMs: 4, away: 0, mute: 0 }

/** An effect that was committed, and of what. */
export interface Effect {
  readonly key: InboxKey
  readonly write: Write
}

/**
 * The database that consumers share: the port's rules without a disk, each statement whole or not at all. What SQLite
 * and PostgreSQL make of these rules is the contract suite's question.
 */
export class Database {
  mood: DatabaseMood = answering
  readonly effects: Effect[] = []
  readonly #time: VirtualTime
  readonly #chance: Chance
  readonly #tell: (line: string) => void
  /** What became of a message: its effect, or its dead letter after so many replays. */
  readonly #inbox = new Map<string, 'applied' | number>()
  readonly #starts = new Map<string, Pick<Trace, 'starts' | 'parkedAs'>>()

  constructor({ time, chance, tell }: { time: VirtualTime; chance: Chance; tell: (line: string) => void }) {
    this.#time = time
    this.#chance = chance
    this.#tell = tell
  }

  /** The store as this process has it; only what a consumer's decisions need. */
  storeOf(life: Life): Store {
    const ask = <T>(statement: () => T) => this.#ask(life, statement)
    return {
      isDone: (key: InboxKey) => ask(() => this.#inbox.has(textOf(key))),
      apply: (key: InboxKey, writes: readonly Write[]) => ask(() => this.#apply(key, writes)),
      interactive: (key: InboxKey, work: (transaction: Transaction) => Promise<void>) =>
        this.#interactive(life, key, work),
      trace: (key: StartsKey) => ask(() => this.#trace(key)),
      noteStart: (key: StartsKey, time: number) =>
        ask(() => {
          this.#tell(`${life.name}: ${key.id} in ${key.group}: start ${time}`)
          const { starts, parkedAs } = this.#trace(key)
          this.#starts.set(startsText(key), { starts: Math.max(time, starts), parkedAs })
        }),
      noteEnd: (key: StartsKey) =>
        ask(() => {
          this.#tell(`${life.name}: ${key.id} in ${key.group}: end`)
          if (this.#trace(key).parkedAs === undefined) this.#starts.delete(startsText(key))
        }),
      noteParked: (key: StartsKey, why: string) =>
        ask(() => {
          if (this.#isApplied(key)) return 'done' as const
          this.#tell(`${life.name}: ${key.id} in ${key.group}: parked`)
          const parked = this.#inbox.get(textOf(key)) as number | undefined
          this.#inbox.set(textOf(key), Math.max(key.replays, parked ?? 0))
          this.#starts.set(startsText(key), { starts: this.#trace(key).starts, parkedAs: why })
          return 'parked' as const
        }),
      noteReplayed: (key: StartsKey) =>
        ask(() => {
          const parked = this.#inbox.get(textOf(key))
          if (typeof parked === 'number' && parked < key.replays) this.#inbox.delete(textOf(key))
        }),
      query: () => ask(() => []),
      ping: () => ask(() => {}),
    } as unknown as Store
  }

  #apply(key: InboxKey, writes: readonly Write[]): Applied {
    if (this.#inbox.has(textOf(key))) return 'duplicate'
    this.#inbox.set(textOf(key), 'applied')
    this.#tell(`${key.id} in ${key.group}: effect`)
    for (const write of writes) this.effects.push({ key, write })
    return 'applied'
  }

  async #interactive(life: Life, key: InboxKey, work: (transaction: Transaction) => Promise<void>): Promise<Applied> {
    const writes: Write[] = []
    await work({
      run: (sql, params = []) => this.#ask(life, () => void writes.push({ sql, params })),
      query: () => this.#ask(life, () => []),
    })
    return this.#ask(life, () => this.#apply(key, writes))
  }

  #isApplied(key: InboxKey): boolean {
    return this.#inbox.get(textOf(key)) === 'applied'
  }

  #trace(key: StartsKey): Trace {
    const { starts = 0, parkedAs } = this.#starts.get(startsText(key)) ?? {}
    const held = this.#inbox.get(textOf(key))
    const endedAs = held === undefined ? undefined : held === 'applied' ? 'effect' : 'dead letter'
    return { starts, parkedAs, endedAs }
  }

  /** A process may be killed before it asks, and before it knows. */
  #ask<T>(life: Life, statement: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!life.step()) return
      const { leastMs, mostMs, away, mute } = this.mood
      const [before, after] = [this.#chance.between(leastMs, mostMs) / 2, this.#chance.between(leastMs, mostMs) / 2]
      const lost = this.#chance.hits(away)
      // The statement has left the process: its end is no reason for it not to be carried out.
      this.#time.afterInWorld(before, () => {
        const answer = lost ? undefined : { value: statement() }
        this.#time.after(
          after,
          () => {
            if (!life.step()) return
            if (answer === undefined || this.#chance.hits(mute)) reject(new StoreUnavailable('the database is away'))
            else resolve(answer.value)
          },
          life,
        )
      })
    })
  }
}

function textOf({ group, source, id }: InboxKey): string {
  return JSON.stringify([group, source, id])
}

function startsText({ group, source, id, replays }: StartsKey): string {
  return JSON.stringify([group, source, id, replays])
}
