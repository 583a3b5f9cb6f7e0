import { connect, type ConfirmChannel, type GetMessage, type Options } from 'amqplib'
import { atEnd } from './ends'

/** A client that knows nothing of Handoff. */
export interface RawClient {
  readonly channel: ConfirmChannel
  /** Publishes and waits for the confirm. */
  publishRaw(exchange: string, routingKey: string, body: Buffer, properties?: Options.Publish): Promise<void>
  /** Takes one message; false when the queue is empty. */
  get(queue: string): Promise<GetMessage | false>
  /** Looks at one message and gives it back. */
  look(queue: string): Promise<GetMessage | false>
  /** Takes all messages. */
  getAll(queue: string): Promise<readonly GetMessage[]>
}

/** Connects until the end of the test. */
export async function connectRaw(url: string): Promise<RawClient> {
  const connection = await connect(url)
  connection.on('error', () => {})
  atEnd(() => connection.close().catch(() => {}))
  const channel = await connection.createConfirmChannel()
  channel.on('error', () => {})
  const get = (queue: string) => channel.get(queue, { noAck: true })
  return {
    channel,
    get,
    publishRaw: (exchange, routingKey, body, properties = {}) =>
      new Promise((resolve, reject) => {
        channel.publish(exchange, routingKey, body, properties, (error: Error | null) =>
          error ? reject(error) : resolve(),
        )
      }),
    look: async (queue) => {
      const message = await channel.get(queue)
      if (message) channel.reject(message, true)
      return message
    },
    getAll: async (queue) => {
      const messages: GetMessage[] = []
      for (let message = await get(queue); message; message = await get(queue)) messages.push(message)
      return messages
    },
  }
}
