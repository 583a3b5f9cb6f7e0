import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPrivateNode, type PrivateNode } from '../../../scripts/broker/private-node'
import { mustBeGone } from '../ends'
import { processesIn } from './processes-in'
import { writeDownQueues, type OwnNode } from './own-node'

/** The machine's RabbitMQ package as a node of the test file's own. */
export async function nativeBroker(): Promise<OwnNode> {
  const directory = await mkdtemp(join(tmpdir(), 'handoff-own-'))
  let node = await startPrivateNode({ directory, management: 'on' })
  const { url, port } = node
  mustBeGone(`the private RabbitMQ node on port ${port}`, async () => (await processesIn(directory)).length > 0)
  return {
    url,
    get managementUrl() {
      return node.managementUrl ?? ''
    },
    start: async () => {
      node = await startPrivateNode({ directory, management: 'on', port })
    },
    stop: () => node.stop(),
    kill: () => killed(node),
    pause: () => Promise.resolve(node.pause()),
    resume: () => Promise.resolve(node.resume()),
    ctl: (...args) => node.ctl(...args),
    get ctlCommand() {
      return node.ctlCommand
    },
    remove: async () => {
      await node.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function killed(node: PrivateNode): Promise<void> {
  await node.ctl(...writeDownQueues)
  await node.kill()
}
