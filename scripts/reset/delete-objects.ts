import type { ChannelModel } from 'amqplib'
import type { BrokerObjects } from './broker-objects'

export interface FoundQueue {
  readonly name: string
  /** Messages that nobody is working on at this moment. */
  readonly messages: number
  readonly consumers: number
}

/** Those of the queues that the broker has. */
export async function findQueues(connection: ChannelModel, names: readonly string[]): Promise<FoundQueue[]> {
  const found: FoundQueue[] = []
  for (const name of names) {
    const queue = await findQueue(connection, name)
    if (queue !== undefined) found.push(queue)
  }
  return found
}

/** Asking for a queue that is not there closes the channel, so that each question has its own. */
async function findQueue(connection: ChannelModel, name: string): Promise<FoundQueue | undefined> {
  const channel = await connection.createChannel()
  channel.on('error', () => undefined)
  try {
    const { messageCount, consumerCount } = await channel.checkQueue(name)
    await channel.close()
    return { name, messages: messageCount, consumers: consumerCount }
  } catch (error) {
    if ((error as { code?: number }).code === 404) return undefined
    throw error
  }
}

/** Deletes them with everything in them; what is not there is no failure. */
export async function deleteObjects(
  connection: ChannelModel,
  { exchanges, queues, journal }: BrokerObjects,
): Promise<void> {
  const channel = await connection.createChannel()
  for (const queue of [...queues, journal]) await channel.deleteQueue(queue)
  for (const exchange of exchanges) await channel.deleteExchange(exchange)
  await channel.close()
}
