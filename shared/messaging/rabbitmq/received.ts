import type { ConsumeMessage } from 'amqplib'
import type { History } from './history'
import type { OpenChannel } from './link'
import type { Lane } from '../priority'

/** A message together with the channel it came on: it can be settled there and nowhere else. */
export interface Received {
  readonly message: ConsumeMessage
  readonly channel: OpenChannel
  /** That it came from, and that a copy in its place goes to. */
  readonly queue: string
  /** Where the queue is one; what is to be tried again comes back there. */
  readonly lane?: Lane | undefined
  readonly history: History
  /** The settler's: whether a verdict on it has reached the broker, or nobody. */
  isSettled?: true
}
