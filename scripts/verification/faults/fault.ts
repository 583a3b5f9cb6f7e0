import type { TcpProxy } from '../../network/tcp-proxy'
import type { OwnNode } from '../own-node'
import type { OwnService } from '../own-service'

/** What faults can be done to. */
export interface Stage {
  readonly producer: OwnService
  readonly consumer: OwnService
  readonly node: OwnNode
  /** From each service to the broker. */
  readonly paths: readonly [TcpProxy, TcpProxy]
  /** The services' SQLite file. */
  readonly storePath: string
  /** As `Math.random`, by the seed. */
  readonly random: () => number
}

/** Does harm; resolves with what takes it away again. */
export type Fault = (stage: Stage) => Promise<() => Promise<void> | void>
