export interface ScheduleKey {
  readonly namespace: string
  readonly schedule: string
}

/** One planned time of a schedule. */
export interface FiringKey extends ScheduleKey {
  /** UTC, as `Date.prototype.toISOString` has it: these texts sort. */
  readonly plannedAt: string
}

/** What is planned, and by whose clock it is now. */
export interface Watch {
  /** Says when; another text makes the schedule a new one. */
  readonly plan: string
  /** As {@link FiringKey.plannedAt}. */
  readonly now: string
}

/** `missed`: given up. Undefined: somebody has begun and not ended it. */
export type FiringOutcome = 'fired' | 'missed'

export interface WatchedSchedule {
  /** When the schedule was seen first, with this plan. */
  readonly since: string
  /** The latest planned time until now that anybody has begun to fire. */
  readonly latest: { readonly plannedAt: string; readonly outcome: FiringOutcome | undefined } | undefined
}

/** `held`: by another one, for so long at most. */
export type Claim =
  { readonly kind: 'claimed' } | { readonly kind: 'held'; readonly forMs: number } | { readonly kind: 'ended' }

/**
 * The tables `handoff_schedules` and `handoff_firings`: which planned times of schedules have been fired, and who is at it.
 * Rejects with StoreUnavailable like the store it belongs to.
 */
export interface FiringTable {
  /** Begins to keep the schedule where it is new or its plan another one; answers with what is known of it. */
  watch(key: ScheduleKey, watch: Watch): Promise<WatchedSchedule>
  /**
   * Gives the firing to `by` for half a minute by the database's clock, unless it has ended or another one has it. Who has it
   * may claim it again, which lengthens the time.
   */
  claim(firing: FiringKey, by: string): Promise<Claim>
  /** Gives the firing up for whoever comes next, unless it has ended or another one has it. */
  release(firing: FiringKey, by: string): Promise<void>
  /**
   * Notes what became of the firing, unless that was noted before; answers whether this call did. `missed` is for who has it
   * alone; `fired` is true whoever says so.
   */
  end(firing: FiringKey, by: string, outcome: FiringOutcome): Promise<boolean>
}
