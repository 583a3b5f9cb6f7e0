/** A broker that may be stopped, killed and paused; port and data stay the same. */
export interface OwnNode {
  readonly url: string
  /** May move with a start. */
  readonly managementUrl: string
  /** Resolves when a login succeeds. */
  start(): Promise<void>
  /** In order, as `rabbitmqctl stop` does it. */
  stop(): Promise<void>
  /** SIGKILL. */
  kill(): Promise<void>
  /** Freezes it: connections stay open and silent. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Runs `rabbitmqctl --quiet` on it; rejects with its words when it fails. */
  ctl(...args: string[]): Promise<string>
  /** What runs that: a program and its arguments. */
  readonly ctlCommand: readonly string[]
  /** Ends it with its data; may be called twice and in any state. */
  remove(): Promise<void>
}

/**
 * Makes the node write down which quorum queues it has. By itself it does so some seconds after a queue is declared;
 * killed before that, it does not find the queue's log again: on 3.10 the queue never answers, on 4.3 it comes back
 * empty, and confirmed messages are gone either way. Tests declare and kill within a second, and are not about that.
 */
export const writeDownQueues = ['eval', '[dets:sync(Table) || Table <- dets:all()].']
