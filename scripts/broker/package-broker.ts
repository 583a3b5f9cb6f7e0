import { resolve } from 'node:path'
import { tryLogin } from './amqp-login'
import { findRabbitmqServer } from './find-rabbitmq-server'
import type { Search, Way } from './found-broker'
import { ownerOf, readIdentity } from './node-identity'
import { startPrivateNode } from './private-node'

/**
 * The installed RabbitMQ package, run as a private node with its data under the search's folder. A node that another
 * process runs there is shared, and left running.
 */
export async function packageBroker({ directory, say }: Search): Promise<Way> {
  if (findRabbitmqServer() === undefined) return { why: 'the package rabbitmq-server is not installed' }
  try {
    const shared = await sharedNode(resolve(directory))
    if (shared !== undefined) return shared
    const node = await startPrivateNode({ directory, log: say })
    return {
      broker: {
        url: node.url,
        how: `RabbitMQ ${node.version}, a private node in ${directory}`,
        ctl: node.ctlCommand,
        stop: () => node.stop(),
      },
    }
  } catch (error) {
    return { why: (error as Error).message }
  }
}

async function sharedNode(directory: string): Promise<Way | undefined> {
  const owner = await ownerOf(directory)
  const identity = await readIdentity(directory)
  if (owner === undefined || identity === undefined) return undefined
  const url = `amqp://guest:guest@127.0.0.1:${identity.ports.amqp}`
  const result = await tryLogin(url, 15_000)
  if (!result.ok) return { why: `process ${owner} runs a node in ${directory}, but it does not answer: ${result.why}` }
  return {
    broker: { url, how: `RabbitMQ ${result.version}, the private node of process ${owner}`, stop: async () => {} },
  }
}
