import type { Reason } from './transport'

/**
 * The port to the way back, from the consumer that has done with a message to the process whose caller waits for it.
 * Nothing here is kept: a reply that is lost costs its caller the result, and never the work.
 */
export interface ReplyLine {
  /**
   * Where replies to this process can be sent from now on; it goes with the connection. Undefined while there is no such
   * place, as when the broker is away. The first call opens it, and takes as long as that takes.
   */
  address(): Promise<string | undefined>
  /** Hears of each reply to an address of this process, from now on; who listened before hears no more. */
  listen(onReply: (reply: Reply) => void): void
  /** Tries once, and never rejects. */
  send(address: string, reply: Reply): Promise<ReplyFate>
}

/**
 * - `sent`: it was put into the queue behind the address.
 * - `unroutable`: nobody is at that address any more.
 * - `dropped`: it could not be sent, or it is not known whether it was.
 */
export type ReplyFate = 'sent' | 'unroutable' | 'dropped'

/** What became of one message in one group. */
export interface Reply {
  /** Of the message, as its `source`. */
  readonly id: string
  readonly source: string
  /** What the asker wrote on the message, so that no other reply to the same id is taken for this one. */
  readonly token: string
  readonly group: string
  /** `duplicate`: its effect had been applied before, and what came of it is not known any more. */
  readonly outcome: ReplyOutcome
  /** Of a dead one. */
  readonly reason: Reason | undefined
  /** JSON: what the handler returned or, of a rejected message, `{"detail": why}`. Empty where there is nothing to tell. */
  readonly body: Buffer
  /** Why the handler's result is not in the body although there is one. */
  readonly omitted: 'too_large' | 'not_json' | undefined
}

export type ReplyOutcome = 'processed' | 'duplicate' | 'filtered' | 'dead'

/**
 * Extensions of a message whose asker waits: they stay with it over the spool, retries, dead letters and replays.
 * `replyto` is the address, `replyid` the {@link Reply.token}.
 */
export const replyExtensions = { address: 'replyto', token: 'replyid' } as const
