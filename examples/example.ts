import type { Group } from '../shared/messages/group'
import type { Schedule } from '../shared/messages/schedule'
import type { Handler } from '../services/consumer/handler'
import type { Stage } from './stage'

/** A pattern that is shown on a real broker, with a domain of its own. */
export interface Example {
  /** Also its folder, and the last part of its namespace: `example-NAME`. */
  readonly name: string
  /** What is shown, in half a sentence. */
  readonly about: string
  readonly groups: readonly Group[]
  readonly handlers: readonly Handler[]
  /** What its producers send by the clock; nothing by default. */
  readonly schedules?: readonly Schedule[]
  /** The folder of its `.sql` files. */
  readonly tables: string
  /** Shows it from the first message to the last promise. Rejects when one was not kept. */
  readonly show: (stage: Stage) => Promise<void>
}
