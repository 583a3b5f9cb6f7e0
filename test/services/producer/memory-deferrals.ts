import type { Deferral, DeferralTable } from '../../../shared/store/deferral-table'

type State = 'waiting' | 'due' | 'cancelled'

/** What waits as a store keeps it, which can be made to be away. */
export class MemoryDeferrals implements DeferralTable {
  readonly states = new Map<string, State>()
  away: Error | undefined

  async defer(deferral: Deferral): Promise<void> {
    if (this.#stateOf(deferral) === undefined) this.#set(deferral, 'waiting')
    return this.#answers()
  }

  async claim(deferral: Deferral): Promise<'due' | 'cancelled'> {
    await this.#answers()
    return this.#decide(deferral, 'due')
  }

  async cancel(key: Omit<Deferral, 'dueAtMs'>, dueAtMs: number | undefined): Promise<'cancelled' | 'due' | 'unknown'> {
    await this.#answers()
    if (dueAtMs === undefined && this.#stateOf(key) === undefined) return 'unknown'
    return this.#decide(key, 'cancelled')
  }

  #decide(key: Omit<Deferral, 'dueAtMs'>, wanted: 'due' | 'cancelled'): 'due' | 'cancelled' {
    const state = this.#stateOf(key) ?? 'waiting'
    if (state !== 'waiting') return state
    this.#set(key, wanted)
    return wanted
  }

  #stateOf({ source, id }: Omit<Deferral, 'dueAtMs'>): State | undefined {
    return this.states.get(`${source} ${id}`)
  }

  #set({ source, id }: Omit<Deferral, 'dueAtMs'>, state: State): void {
    this.states.set(`${source} ${id}`, state)
  }

  #answers(): Promise<void> {
    return this.away === undefined ? Promise.resolve() : Promise.reject(this.away)
  }
}
