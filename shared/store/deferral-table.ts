/** A message that waits until it is due. */
export interface Deferral {
  readonly source: string
  readonly id: string
  /** Milliseconds since 1970. */
  readonly dueAtMs: number
}

/**
 * The table `handoff_deferrals`: of each message that waits, whether it is still to be delivered. Whoever claims or cancels
 * it first has decided, for good. Rejects with StoreUnavailable like the store it belongs to.
 */
export interface DeferralTable {
  /** Notes that a message waits, unless more than that is known of it. */
  defer(deferral: Deferral): Promise<void>
  /** Takes a message for its delivery, in every group; a message of which nothing was noted as well. */
  claim(deferral: Deferral): Promise<'due' | 'cancelled'>
  /**
   * Cancels a message that waits; `unknown` when nothing was noted of it, unless its caller knows by other means when it is
   * due.
   */
  cancel(key: Omit<Deferral, 'dueAtMs'>, dueAtMs: number | undefined): Promise<'cancelled' | 'due' | 'unknown'>
}
