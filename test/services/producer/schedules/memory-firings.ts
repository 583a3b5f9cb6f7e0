import type { Claim, FiringKey, FiringOutcome, FiringTable } from '../../../../shared/store/firing-table'

interface FiringRow {
  readonly plannedAt: string
  by: string
  untilMs: number
  outcome: FiringOutcome | undefined
}

const claimMs = 30_000

/** The tables of one schedule in memory, by a clock of their own. test/contract/store-contract-schedules.ts says what they keep to. */
export class MemoryFirings implements FiringTable {
  readonly rows = new Map<string, FiringRow>()
  #schedule: { readonly plan: string; readonly since: string } | undefined
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  watch: FiringTable['watch'] = (_, { plan, now }) => {
    if (this.#schedule?.plan !== plan) this.#schedule = { plan, since: now }
    const { since } = this.#schedule
    const latest = [...this.rows.values()]
      .filter(({ plannedAt }) => plannedAt <= now)
      .sort((a, b) => (a.plannedAt < b.plannedAt ? -1 : 1))
      .at(-1)
    return Promise.resolve({ since, latest: latest && { plannedAt: latest.plannedAt, outcome: latest.outcome } })
  }

  claim = ({ plannedAt }: FiringKey, by: string): Promise<Claim> => {
    const now = this.#now()
    const row = this.rows.get(plannedAt)
    if (row?.outcome !== undefined) return Promise.resolve({ kind: 'ended' })
    if (row !== undefined && row.by !== by && row.untilMs >= now)
      return Promise.resolve({ kind: 'held', forMs: row.untilMs - now })
    this.rows.set(plannedAt, { plannedAt, by, untilMs: now + claimMs, outcome: undefined })
    return Promise.resolve({ kind: 'claimed' })
  }

  release = ({ plannedAt }: FiringKey, by: string): Promise<void> => {
    const row = this.rows.get(plannedAt)
    if (row?.by === by) row.untilMs = -1
    return Promise.resolve()
  }

  end = ({ plannedAt }: FiringKey, by: string, outcome: FiringOutcome): Promise<boolean> => {
    const row = this.rows.get(plannedAt)
    if (row === undefined || row.outcome !== undefined || (outcome === 'missed' && row.by !== by))
      return Promise.resolve(false)
    row.outcome = outcome
    return Promise.resolve(true)
  }
}
