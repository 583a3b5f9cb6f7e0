import { randomUUID } from 'node:crypto'
import { freePorts } from '../../../scripts/broker/free-ports'
import { runCommand } from '../../../scripts/broker/run-command'
import { atEnd, mustBeGone } from '../ends'
import { eventually } from '../eventually'
import { apiOf, managementOf, type Management } from '../management'
import { makeNode, type ClusterNode } from './cluster-node'
import { eventuallyEmpty, queuesOf } from './queue-facts'

/** Three brokers for one test file alone, in one cluster, that may come to any harm. */
export interface Cluster {
  readonly nodes: readonly ClusterNode[]
  /** All addresses, as `BROKER_URL` takes them. */
  readonly urls: string
  /** Of the first node. */
  readonly url: string
  /** Of the virtual host `/`, told by the first node. */
  readonly management: Management
  /** The node that leads the queue. */
  leaderOf(queue: string): Promise<ClusterNode>
  /** Makes this node lead the queue. */
  lead(queue: string, node: ClusterNode): Promise<void>
  /** The node behind a port, such as a service tells it of its connection. */
  nodeAt(port: number): ClusterNode
  /** Waits until three members run and every quorum queue has all of its own at work. */
  whole(): Promise<void>
}

const hosts = ['rabbitmq', 'rabbitmq-2', 'rabbitmq-3']
const startWithinMs = 240_000

/** Starts the cluster before the first test of the file; ended after the last. Call it once, at the top of the file. */
export function useCluster(): Cluster {
  let nodes: readonly ClusterNode[] = []
  const first = () => nodes[0] ?? missing()
  const named = (name: string | undefined) => nodes.find((node) => node.name === name)
  const whole = () => eventually('the cluster is whole', () => isWhole(first()), { withinMs: 120_000 })
  beforeAll(async () => {
    nodes = await makeNodes()
    await Promise.all(nodes.map((node) => node.start()))
    await whole()
  }, startWithinMs)
  const leaderOf: Cluster['leaderOf'] = (queue) =>
    eventually(`${queue} has a leader`, async () =>
      named((await queuesOf(first())).find(({ name }) => name === queue)?.leader),
    )
  return {
    get nodes() {
      return nodes
    },
    get urls() {
      return nodes.map(({ url }) => url).join(',')
    },
    get url() {
      return first().url
    },
    get management() {
      const management = managementOf(apiOf(first().managementUrl), '/')
      return { ...management, eventuallyDrained: (queues: readonly string[]) => eventuallyEmpty(first(), queues) }
    },
    leaderOf,
    lead: async (queue, node) => {
      const [id, from] = [`'%2F_${queue}'`, await leaderOf(queue)]
      if (from === node) return
      await from.ctl('eval', `ra:transfer_leadership({${id}, '${from.name}'}, {${id}, '${node.name}'}).`)
      await eventually(`${node.name} leads ${queue}`, async () => (await leaderOf(queue)) === node)
    },
    nodeAt: (port) => nodes.find(({ url }) => url.endsWith(`:${port}`)) ?? missing(),
    whole: async () => void (await whole()),
  }
}

/** Three nodes that have not been started yet, on a network of their own; both are gone at the end of the file. */
async function makeNodes(): Promise<readonly ClusterNode[]> {
  const network = `handoff-test-${randomUUID().slice(0, 8)}`
  const docker = (...args: string[]) => runCommand('docker', args)
  await docker('network', 'create', '--internal', network)
  atEnd(() => docker('network', 'rm', network))
  mustBeGone(`the network ${network}`, async () => (await docker('network', 'ls', '-qf', `name=${network}`)) !== '')
  const ports = await freePorts(hosts.length * 2)
  const nodes: ClusterNode[] = []
  for (const [index, host] of hosts.entries()) {
    const [amqp = 0, management = 0] = ports.slice(index * 2)
    const node = await makeNode({ host, network, cookie: network, ports: { amqp, management } })
    atEnd(() => node.remove())
    nodes.push(node)
  }
  return nodes
}

async function isWhole(node: ClusterNode): Promise<true> {
  const all = await apiOf(node.managementUrl)<readonly { name: string; running: boolean }[]>('GET', 'nodes')
  const running = all.filter((each) => each.running).map(({ name }) => name)
  if (running.length !== hosts.length) throw new Error(`only ${running.join(', ')} run`)
  // Not the streams: minutes after a partition a replica of one may still be away, and no message waits for it.
  const queues = (await queuesOf(node)).filter(({ type }) => type.includes('quorum'))
  const partial = queues.filter(({ online }) => online.length !== hosts.length)
  if (partial.length > 0) throw new Error(`not all members of ${partial.map(({ name }) => name).join(', ')} are there`)
  return true
}

function missing(): never {
  throw new Error('the cluster has no such node, or is not started yet: use it in a hook or a test')
}
