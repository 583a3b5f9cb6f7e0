import type { ConsumeMessage } from 'amqplib'
import type { History } from './history'
import type { OpenChannel } from './link'

/** A message together with the channel it came on: it can be settled there and nowhere else. */
export interface Received {
  readonly message: ConsumeMessage
  readonly channel: OpenChannel
  /** That it came from, and that a copy in its place goes to. */
  readonly queue: string
  readonly history: History
  /** The settler's: whether a verdict on it has reached the broker, or nobody. */
  isSettled?: true
}
