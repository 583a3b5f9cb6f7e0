import { connect, type Channel } from 'amqplib'
import { verifyOnce } from '../../../shared/verification/domain'
import { commandExchange, workQueue } from '../names'
import type { OwnNode } from '../own-node'
import type { Fault } from './fault'
import { seen } from './seen'

const commandQueue = workQueue('once')

/**
 * Somebody deletes the binding of the commands' queue; the services must make it again. Of commands alone: nobody can tell
 * of an event whose binding is gone, so that such harm is a loss that the broker's administrator has chosen.
 */
export const bindingDeleted: Fault = async ({ node }) => {
  await onChannel(node, (channel) => channel.unbindQueue(commandQueue, commandExchange, verifyOnce.name))
  return () => seen('the binding did not come back', () => isBound(node))
}

/** Somebody deletes the commands' exchange, and with it the binding. */
export const exchangeDeleted: Fault = async ({ node }) => {
  await onChannel(node, async (channel) => {
    await channel.checkExchange(commandExchange)
    await channel.deleteExchange(commandExchange)
  })
  return () => seen('the exchange did not come back with its binding', () => isBound(node))
}

async function isBound(node: OwnNode): Promise<boolean> {
  const bindings = await node.ctl('list_bindings', 'source_name', 'destination_name', 'routing_key')
  return bindings.split('\n').includes([commandExchange, commandQueue, verifyOnce.name].join('\t'))
}

async function onChannel({ url }: OwnNode, work: (channel: Channel) => Promise<unknown>): Promise<void> {
  const connection = await connect(url)
  try {
    await work(await connection.createChannel())
  } finally {
    await connection.close()
  }
}
