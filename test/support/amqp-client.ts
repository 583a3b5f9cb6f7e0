import type { Socket } from 'node:net'
import { connect, type ConfirmChannel, type GetMessage, type Options } from 'amqplib'
import { atEnd } from './ends'

/** A foreign client: plain amqplib, without any of our own rules. */
export interface RawClient {
  /** For everything that has no word here. */
  readonly channel: ConfirmChannel
  /** Resolves with the confirm; the empty exchange takes the queue's name as key. */
  publishRaw(exchange: string, routingKey: string, body: Buffer, properties?: Options.Publish): Promise<void>
  /** Takes the next message off a queue; undefined when none is ready. */
  get(queue: string): Promise<GetMessage | undefined>
  /** Looks at the next message and puts it back. */
  look(queue: string): Promise<GetMessage | undefined>
  /** Takes everything that is ready. */
  getAll(queue: string): Promise<GetMessage[]>
  /**
   * Messages that are ready, by passive declare: exact at once, but without those in someone's hands. A queue that is
   * too busy to answer for three quarters of a second counts as empty.
   */
  countReady(queue: string): Promise<number>
}

/** Connects with a confirm channel; closed at the end of the test or file. */
export async function connectRaw(url: string): Promise<RawClient> {
  const connection = await connect(url, { timeout: 10_000, noDelay: true })
  connection.on('error', () => {})
  const { stream } = connection.connection as unknown as { readonly stream: Socket }
  const gone = new Promise<void>((resolve) => stream.once('close', () => resolve()))
  atEnd(async () => {
    // Where the broker dies before it has answered the goodbye, amqplib waits for ever.
    await Promise.race([connection.close().catch(() => {}), gone])
    // After a cut, amqplib leaves a half-open socket behind that keeps the process alive.
    stream.destroy()
  })
  const channel = await connection.createConfirmChannel()
  channel.on('error', () => {})
  return { channel, ...wordsOf(channel) }
}

function wordsOf(channel: ConfirmChannel): Omit<RawClient, 'channel'> {
  const next = async (queue: string, settle: (message: GetMessage) => void) => {
    const message = await channel.get(queue)
    if (message === false) return undefined
    settle(message)
    return message
  }
  const get = (queue: string) => next(queue, (message) => channel.ack(message))
  return {
    get,
    look: (queue) => next(queue, (message) => channel.reject(message, true)),
    getAll: async (queue) => {
      const all: GetMessage[] = []
      for (let message = await get(queue); message !== undefined; message = await get(queue)) all.push(message)
      return all
    },
    countReady: async (queue) => {
      // After a quarter of a second without an answer, RabbitMQ says 0: one alone proves nothing.
      for (let ask = 1; ask < 3; ask++) {
        const { messageCount } = await channel.checkQueue(queue)
        if (messageCount > 0) return messageCount
      }
      return (await channel.checkQueue(queue)).messageCount
    },
    publishRaw: (exchange, routingKey, body, properties = {}) =>
      new Promise((resolve, reject) => {
        channel.publish(exchange, routingKey, body, properties, (error: unknown) =>
          error instanceof Error ? reject(error) : resolve(),
        )
      }),
  }
}
