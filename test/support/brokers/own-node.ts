/** A broker that may be stopped, killed and paused; port and data stay the same. */
export interface OwnNode {
  readonly url: string
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
  /** Ends it with its data; may be called twice and in any state. */
  remove(): Promise<void>
}

/**
 * Makes the node write down which quorum queues it has. It does so by itself only seconds after a queue is declared,
 * and a node that is killed before that has the queue's messages but never finds them again, on 3.10 as on 4.3. Tests
 * declare and kill within a second, and that loss is not what they are about.
 */
export const writeDownQueues = ['eval', '[dets:sync(Table) || Table <- dets:all()].']
