import type { Peer } from '../network'
import type { VirtualTime } from '../virtual-time'
import type { Exchanges } from './exchanges'
import type { Fields } from './protocol'
import type { Queue } from './queue'

/** What connections and channels know of the broker that they belong to. */
export interface BrokerState {
  readonly time: VirtualTime
  readonly exchanges: Exchanges
  readonly queues: ReadonlyMap<string, Queue>
  /** What a client did that no client may do. */
  readonly wrongs: string[]
  /** Why publishes are not read; undefined while they are. */
  readonly alarm: string | undefined
  /** How often each message is put into its queues. */
  readonly copies: number
  /** Queues that a publish goes to. */
  routed(exchange: string, routingKey: string): readonly Queue[]
  declareQueue(name: string, args: Fields): Queue
  nextConsumerTag(): string
  /** In the broker's own time. */
  soon(run: () => void): void
  forget(connection: Peer): void
}
