import { join } from 'node:path'
import type { Consumer } from './contestant'

const reporter = join(__dirname, '..', '..', 'bench', 'report-acks.cjs')

/** The same consumer, telling when it acks: the one way that is the same for all that are built on amqplib. */
export function watched(consumer: Consumer, hear: (said: unknown) => void): Consumer {
  return { ...consumer, args: ['--require', reporter, ...consumer.args], hear }
}
