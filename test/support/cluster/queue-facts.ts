import { setTimeout as pause } from 'node:timers/promises'
import { eventually } from '../eventually'
import { figuresLateMs } from '../management'
import type { ClusterNode } from './cluster-node'

/** A queue as its own leader tells it. */
export interface QueueOfCluster {
  readonly name: string
  readonly type: string
  readonly leader?: string
  readonly online: readonly string[]
  readonly messages: number
}

/**
 * The queues of the virtual host `/`. The management API will not do: minutes after a partition it still told what a
 * leader of before had counted last.
 */
export async function queuesOf(node: ClusterNode): Promise<readonly QueueOfCluster[]> {
  const columns = ['name', 'type', 'leader', 'online', 'messages']
  return JSON.parse(await node.ctl('list_queues', '--formatter', 'json', ...columns)) as QueueOfCluster[]
}

/** Resolves when two readings that lie further apart than the figures are late found these queues empty. */
export async function eventuallyEmpty(node: ClusterNode, names: readonly string[]): Promise<void> {
  const expectEmpty = async () => {
    const left = (await queuesOf(node)).filter(({ name, messages }) => names.includes(name) && messages !== 0)
    const [first] = left
    if (first !== undefined) throw new Error(`${first.name} holds ${first.messages} messages`)
  }
  const emptyTwice = async () => {
    await expectEmpty()
    await pause(figuresLateMs)
    await expectEmpty()
    return true
  }
  await eventually(`empty: ${names.join(', ')}`, emptyTwice, { withinMs: 120_000 })
}
