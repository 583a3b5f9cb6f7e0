/**
 * - `circuit open`: its group is paused; the delivery is kept in hand, unrun, until the group may go on.
 * - `makes way`: too many of its type wait, and others may be behind them, or it has waited long; it goes to the end of its queue.
 */
export type NotNowReason = 'circuit open' | 'makes way'

/** A delivery is not to be handled now, which is no failure of it: it costs no attempt. */
export class NotNow extends Error {
  readonly code = 'NOT_NOW'
  override readonly name = 'NotNow'
  readonly reason: NotNowReason

  constructor(reason: NotNowReason) {
    super(reason)
    this.reason = reason
  }
}
