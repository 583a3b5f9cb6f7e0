import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connect } from 'amqplib'
import { startPrivateNode } from '../broker/private-node'
import type { Say } from '../terminal/say'
import type { Fill } from './contestant'

/** A RabbitMQ that only this benchmark uses, and the few things it does there itself. */
export interface BenchBroker {
  readonly url: string
  readonly version: string
  /** A quorum queue, for contestants that declare none. */
  declare(queue: string): Promise<void>
  /** Empties a queue; resolves with how many waited there. */
  purge(queue: string): Promise<number>
  waiting(queue: string): Promise<number>
  /** Puts messages on a queue; resolves when all are confirmed. */
  fill(queue: string, messages: Iterable<Fill>): Promise<void>
  /** Resolves when nobody waits in the queue any more; those that were handed out may still be in work. */
  untilEmpty(queue: string, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** A node of its own, or the one at `url`, which may be of another version and is left running. */
export async function openBenchBroker(say: Say, url?: string): Promise<BenchBroker> {
  if (url !== undefined) return brokerAt(url, async () => {})
  const directory = await mkdtemp(join(tmpdir(), 'handoff-bench-'))
  const node = await startPrivateNode({ directory, log: say })
  return brokerAt(node.url, async () => {
    await node.stop()
    await rm(directory, { recursive: true, force: true })
  })
}

async function brokerAt(url: string, end: () => Promise<void>): Promise<BenchBroker> {
  const connection = await connect(url)
  const channel = await connection.createConfirmChannel()
  const waiting = async (queue: string) => (await channel.checkQueue(queue)).messageCount
  return {
    url,
    version: String(connection.connection.serverProperties['version']),
    declare: async (queue) => {
      await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } })
    },
    purge: async (queue) => (await channel.purgeQueue(queue)).messageCount,
    waiting,
    fill: async (queue, messages) => {
      for (const { body, properties } of messages)
        channel.sendToQueue(queue, Buffer.from(body), { persistent: true, ...properties })
      await channel.waitForConfirms()
    },
    untilEmpty: async (queue, signal) => {
      while ((await waiting(queue)) > 0) await pause(5, undefined, { signal })
    },
    close: async () => {
      await connection.close()
      await end()
    },
  }
}
