import { connect, type Channel, type ConsumeMessage } from 'amqplib'
import { verifiedGroups } from '../../shared/verification/domain'
import type { DeadLetter } from '../../shared/verification/judge'
import { deadQueue, unroutedQueue } from './names'
import type { OwnNode } from './own-node'
import { digestOf } from './parcels'

interface ListedQueue {
  readonly name: string
  readonly type: string
  readonly messages: number
}

const inHands = 500

/** Takes what is parked out of its queues: the dead letters of all groups, and stored commands that found no queue. */
export async function takeDeadLetters({ url }: Pick<OwnNode, 'url'>): Promise<readonly DeadLetter[]> {
  const connection = await connect(url)
  try {
    const channel = await connection.createChannel()
    await channel.prefetch(inHands)
    const letters: DeadLetter[] = []
    for (const { name: group } of verifiedGroups)
      for (const body of await takeAll(channel, deadQueue(group))) letters.push(letterOf(group, body))
    for (const body of await takeAll(channel, unroutedQueue)) letters.push(letterOf('once', body))
    await channel.close()
    return letters
  } finally {
    await connection.close()
  }
}

/** Messages in all queues, in somebody's hands or not. The journal is no queue: what was read stays. */
export async function queuedIn({ ctl }: Pick<OwnNode, 'ctl'>): Promise<number> {
  const text = await ctl('list_queues', '--formatter', 'json', 'name', 'type', 'messages')
  const queues = (JSON.parse(text) as readonly ListedQueue[]).filter(({ type }) => !type.includes('stream'))
  return queues.reduce((sum, { messages }) => sum + (Number(messages) || 0), 0)
}

/** The bodies of what waits in it now; asked for one by one, tens of thousands would take as many round trips. */
async function takeAll(channel: Channel, queue: string): Promise<readonly string[]> {
  // A look alone would pass for empty what is only busy: the broker says 0 for a queue that is slow to answer.
  const first = await channel.get(queue)
  if (first === false) return []
  const messageCount = first.fields.messageCount + 1
  const bodies = [first.content.toString()]
  channel.ack(first)
  if (messageCount === 1) return bodies
  const all = Promise.withResolvers<void>()
  const take = (message: ConsumeMessage | null) => {
    if (message === null) return all.reject(new Error(`${queue} was taken away while its dead letters were read`))
    // One that came since then is left; it goes back when the channel is closed.
    if (bodies.length === messageCount) return
    bodies.push(message.content.toString())
    channel.ack(message)
    if (bodies.length === messageCount) all.resolve()
  }
  channel.once('close', () => all.reject(new Error(`the channel was closed while ${queue} was read`)))
  const { consumerTag } = await channel.consume(queue, take)
  await all.promise
  await channel.cancel(consumerTag)
  return bodies
}

function letterOf(group: string, body: string): DeadLetter {
  return { group, subject: subjectIn(body), bodyHash: digestOf(body) }
}

function subjectIn(body: string): string {
  try {
    return String((JSON.parse(body) as { subject?: unknown }).subject)
  } catch {
    return 'unreadable'
  }
}
